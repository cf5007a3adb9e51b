// Large text, a zoomed page, a keyboard on a small phone: what surrounds the conversation gives way to it.

const LOG_SHARE = 0.68; // of the window; with less, an answer cannot be read

/**
 * Watches how much room `log` is left with and puts the class `tight` on `page` when it is too little: the header shrinks
 * to the numbers and the exit, and `erase` moves from the foot into it. `onChange()` is called after each change.
 */
export function armFit({ page, top, log, foot, erase, onChange }) {
  function roomy() {
    return log.clientHeight >= LOG_SHARE * window.innerHeight;
  }

  function fit() {
    const was = page.classList.contains('tight');
    page.classList.remove('tight');
    if (was) foot.append(erase); // measured as it would stand
    const tight = !roomy();
    page.classList.toggle('tight', tight);
    if (tight) top.append(erase);
    if (tight !== was) onChange();
  }

  window.addEventListener('resize', fit);
  // A changed font size resizes a letter and nothing else.
  if (window.ResizeObserver) {
    const letter = document.createElement('span');
    letter.className = 'unseen letter';
    letter.setAttribute('aria-hidden', 'true');
    document.body.append(letter);
    new ResizeObserver(fit).observe(letter);
  }
  fit();
}

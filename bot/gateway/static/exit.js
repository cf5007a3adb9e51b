// Quick exit, after GOV.UK's "exit this page": a button, a link for keyboards, and Shift pressed three times.

const SHIFT_MS = 5000;
const FRAME_MS = 250; // how long a parent page may take to move away before the frame does so itself

/** Removes what the service worker put on this device. Nobody waits for it. */
function dropCaches(registration) {
  // The page may be gone before a promise is answered; the worker outlives it.
  const active = registration && registration.active;
  if (active) active.postMessage('forget');
  else if (registration) registration.unregister().catch(() => {});
  if (!self.caches) return;
  caches.keys().then((names) => names.forEach((name) => caches.delete(name))).catch(() => {});
}

function leave(url) {
  if (window.parent === window) {
    location.replace(url);
    return;
  }
  // In the widget: the page around the frame must go too. The message says nothing but "go to this address".
  window.parent.postMessage({ lachan: 'exit', url }, '*');
  setTimeout(() => {
    try {
      window.top.location.replace(url);
    } catch (error) {
      location.replace(url);
    }
  }, FRAME_MS);
}

function watchShift({ announce, show, exit, t }) {
  let presses = 0;
  let timer = 0;
  let lastWasModified = false;

  function reset() {
    clearTimeout(timer);
    timer = 0;
    presses = 0;
    show(0);
  }

  // Only Shift on its own counts: a capital letter ends the count, and a Shift released just after one is not a press.
  document.addEventListener('keyup', (event) => {
    if (event.key === 'Shift' && !lastWasModified) {
      presses += 1;
      clearTimeout(timer);
      if (presses >= 3) {
        reset();
        exit();
        return;
      }
      show(presses);
      announce(t(presses === 1 ? 'shift2' : 'shift1'));
      timer = setTimeout(() => { reset(); announce(t('shiftExpired')); }, SHIFT_MS);
    } else if (timer) {
      reset();
    }
    lastWasModified = event.shiftKey;
  });
}

/**
 * Arms every way out. `wipe()` must end the session and empty the page; it runs before the browser moves away.
 * Returns the exit function.
 */
export function armExit({ links, dots, announce, overlay, wipe, worker, t }) {
  const url = links[0].href;
  let leaving = false;

  function exit() {
    if (leaving) return;
    leaving = true;
    overlay.hidden = false;
    overlay.textContent = t('leaving');
    document.body.classList.add('leaving');
    document.title = '…'; // what the browser's history will show for this address
    wipe();
    dropCaches(worker());
    leave(url);
  }

  const show = (count) => {
    dots.hidden = count === 0;
    Array.from(dots.children).forEach((dot, index) => dot.classList.toggle('on', index < count));
  };

  for (const link of links) {
    link.addEventListener('click', (event) => { event.preventDefault(); exit(); });
    link.addEventListener('keydown', (event) => {
      if (event.key === ' ') {
        event.preventDefault();
        exit();
      }
    });
  }
  watchShift({ announce, show, exit, t });

  window.addEventListener('pagehide', wipe);
  window.addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    document.body.classList.add('leaving'); // a page brought back from the browser's memory shows nothing
    location.reload();
  });
  return exit;
}

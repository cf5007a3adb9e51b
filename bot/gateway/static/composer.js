// The box one writes in: Enter sends, Shift+Enter breaks the line, files wait as chips, long texts are counted.

import { t } from './strings.js';
import { button, node } from './view.js';

const MAX_CHARS = 4000; // code points after NFC, as the server counts
const COUNT_FROM = 3600;
const MAX_FILES = 10;
const MAX_FILE_BYTES = 20 * 1024 * 1024;
const MAX_HEIGHT_PX = 160;

const lengthOf = (text) => Array.from(text.normalize('NFC')).length;

// iPhones and Macs turn a HEIC photo into a JPEG as long as HEIC is not asked for; that one can be cleaned.
const CONVERTS = /iPhone|iPad|Macintosh/.test(navigator.userAgent);
const CAN_BE_CLEANED = /^image\/(jpeg|png|webp|gif|avif)$/;

/**
 * The composer. `onSend(text, files, original)` gets a text within the limit, or files, or both; original: whether the
 * person wants their pictures sent as they are too.
 */
export function createComposer({
  form, input, attach, picker, chips, traces, unclean, original, counter, problem, onSend,
}) {
  let files = [];
  if (!CONVERTS) picker.accept = picker.dataset.heic;

  function say(sentence) {
    problem.textContent = sentence;
    problem.hidden = !sentence;
    input.setAttribute('aria-invalid', String(Boolean(sentence)));
  }

  function resize() {
    input.style.height = 'auto';
    input.style.height = Math.min(input.scrollHeight + 2, MAX_HEIGHT_PX) + 'px';
  }

  function count() {
    const left = MAX_CHARS - lengthOf(input.value);
    counter.hidden = left > MAX_CHARS - COUNT_FROM;
    counter.classList.toggle('over', left < 0);
    counter.textContent = counter.hidden ? '' : t(left < 0 ? 'over' : 'left', Math.abs(left));
    return left;
  }

  function drawChips() {
    while (chips.firstChild) chips.firstChild.remove();
    chips.hidden = files.length === 0;
    traces.hidden = files.length === 0;
    unclean.hidden = files.every((file) => CAN_BE_CLEANED.test(file.type));
    for (const file of files) {
      const remove = button('remove', '×', () => {
        files = files.filter((other) => other !== file);
        drawChips();
        input.focus();
      });
      remove.setAttribute('aria-label', t('removeFile') + ' ' + file.name);
      chips.append(node('li', 'chip', node('span', '', file.name), remove));
    }
  }

  function pick() {
    say('');
    for (const file of Array.from(picker.files)) {
      if (files.length >= MAX_FILES) {
        say(t('tooMany', MAX_FILES));
        break;
      }
      if (file.size > MAX_FILE_BYTES) say(t('tooBig'));
      else files.push(file);
    }
    picker.value = '';
    drawChips();
    input.focus();
  }

  function submit() {
    const text = input.value.trim();
    if (!text && !files.length) {
      input.focus();
      return;
    }
    if (count() < 0) {
      say(t('tooLong'));
      input.focus();
      return;
    }
    if (files.reduce((sum, file) => sum + file.size, 0) > MAX_FILE_BYTES) {
      say(t('tooBigTogether'));
      input.focus();
      return;
    }
    const sent = files;
    const asIs = original.checked;
    clear();
    onSend(text, sent, asIs);
  }

  function clear() {
    input.value = '';
    files = [];
    picker.value = '';
    original.checked = false;
    say('');
    drawChips();
    count();
    resize();
  }

  /** What could not be sent comes back, unless something new is being written already. */
  function putBack(text, refused) {
    if (input.value || files.length) return;
    input.value = text;
    files = refused.slice();
    drawChips();
    count();
    resize();
  }

  form.addEventListener('submit', (event) => { event.preventDefault(); submit(); });
  input.addEventListener('input', () => { say(''); count(); resize(); });
  input.addEventListener('keydown', (event) => {
    // While a Vietnamese input method is composing a word, Enter belongs to it (229 is how older browsers say so).
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
  attach.addEventListener('click', () => picker.click());
  picker.addEventListener('change', pick);
  return { clear, putBack };
}

// Draws the conversation. Every text from outside goes through textContent or the linkifier; nothing parses HTML.

import { linkify } from './linkify.js';
import { t } from './strings.js';

const NEAR_BOTTOM_PX = 80;
const VIETNAMESE = /[à-ỹ]/i; // accented letters: enough to tell Vietnamese from English

/** An element: node('p', 'class', 'text' or a Node...). */
export function node(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** A real button, big enough for a thumb. */
export function button(className, text, onClick) {
  const made = node('button', className, text);
  made.type = 'button';
  made.addEventListener('click', onClick);
  return made;
}

/** The address, if it is on this server; pictures and files never come from anywhere else. */
function ownAddress(raw) {
  try {
    const url = new URL(raw, location.href);
    return url.origin === location.origin ? url.href : null;
  } catch (error) {
    return null;
  }
}

/**
 * The log. `hosts` may be linked to. `on.choose(choice, byKeyboard)`, `on.locate(button)`, `on.file(attachment)` which
 * resolves to a Blob.
 */
export function createView({ log, newer, hosts, on }) {
  const objectUrls = [];
  let options = null; // the group of buttons that can be pressed now

  const nearBottom = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_BOTTOM_PX;

  function toBottom() {
    log.scrollTop = log.scrollHeight;
    newer.hidden = true;
  }

  newer.addEventListener('click', () => { toBottom(); log.focus(); });
  let first = null; // of the answer last shown

  /** Shows the beginning of the last answer, or the end when nothing was answered. */
  function settle() {
    toBottom();
    if (!first || !first.isConnected) return;
    const top = first.offsetTop - log.offsetTop;
    if (log.scrollTop > top) log.scrollTop = Math.max(0, top - 12);
  }

  log.addEventListener('scroll', () => { if (nearBottom()) newer.hidden = true; }, { passive: true });

  function dropOptions() {
    if (options) options.remove();
    options = null;
  }

  function bubble(kind, who, content) {
    const text = node('div', 'text', content);
    const made = node('div', 'message ' + kind, node('span', 'unseen', who + ' '), text);
    if (VIETNAMESE.test(text.textContent)) text.lang = 'vi';
    return made;
  }

  /** What the person wrote or tapped. Their own words are never linked: they may quote a dangerous address. */
  function mine(text, names, focus) {
    dropOptions();
    first = null;
    const made = bubble('mine', t('youSay'), text);
    for (const name of names) made.querySelector('.text').append(node('div', 'attached', name));
    if (!text && names.length === 0) made.querySelector('.text').remove();
    made.tabIndex = -1;
    log.append(made);
    toBottom();
    if (focus) made.focus();
    return made;
  }

  /** The state below one's own bubble: null, or a sentence and perhaps a way to try again. */
  function mark(made, sentence, onRetry) {
    const old = made.querySelector('.state');
    if (old) old.remove();
    made.classList.toggle('failed', Boolean(sentence));
    if (!sentence) return;
    const state = node('div', 'state', node('span', '', sentence));
    if (onRetry) state.append(button('retry', t('retry'), onRetry));
    made.append(state);
    if (nearBottom()) toBottom();
  }

  function picture(image) {
    const src = ownAddress(image.src);
    if (!src) return null;
    const made = node('img', 'picture');
    made.loading = 'lazy';
    made.alt = image.alt || '';
    made.addEventListener('load', () => { if (nearBottom()) toBottom(); });
    made.src = src;
    return made;
  }

  async function openFile(attachment, holder, trigger) {
    trigger.disabled = true;
    try {
      const blob = await on.file({ href: ownAddress(attachment.href) });
      const url = URL.createObjectURL(blob);
      objectUrls.push(url);
      if (attachment.kind === 'image') {
        const shown = node('img', 'picture');
        shown.alt = attachment.name || '';
        shown.src = url;
        holder.replaceChild(shown, trigger);
        return;
      }
      const link = node('a', '', '');
      link.href = url;
      link.download = attachment.name || 'tep';
      link.click();
    } catch (error) {
      holder.append(node('p', 'state', t('fileFailed')));
    }
    trigger.disabled = false;
  }

  function attachmentRow(attachment) {
    const holder = node('div', 'file');
    const label = t(attachment.kind === 'image' ? 'openFile' : 'saveFile') + ': ' + (attachment.name || '');
    const trigger = button('plain', label, () => openFile(attachment, holder, trigger));
    holder.append(trigger);
    return holder;
  }

  /** Number keys work inside the group only, so that they never take a key from someone typing. */
  function keysIn(group) {
    group.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const chosen = /^[1-9]$/.test(event.key) && group.querySelectorAll('button')[Number(event.key) - 1];
      if (!chosen) return;
      event.preventDefault();
      chosen.click(); // a click without a pointer: its `detail` is 0
    });
  }

  function optionGroup(label) {
    dropOptions();
    const group = node('div', 'options');
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', label);
    keysIn(group);
    options = group;
    log.append(group);
    return group;
  }

  function option(group, className, title, onClick) {
    const number = String(group.children.length + 1);
    const made = button('option ' + className, '', onClick);
    const key = node('kbd', '', number);
    key.setAttribute('aria-hidden', 'true');
    made.append(key, node('span', '', title));
    made.setAttribute('aria-keyshortcuts', number);
    group.append(made);
    return made;
  }

  function offer(message) {
    const choices = message.choices || [];
    if (!choices.length && !message.ask_location) return;
    const group = optionGroup(t('choices'));
    if (message.ask_location && navigator.geolocation) {
      const made = option(group, 'place', t('shareLocation'), (event) => on.locate(made, event.detail === 0));
    }
    for (const choice of choices) {
      option(group, '', choice.title, (event) => on.choose(choice, event.detail === 0));
    }
  }

  /** A number to call, as big as a thumb: the first thing to hit in an alarm. */
  function callButton(call) {
    if (!/^\+?\d{3,15}$/.test(call.dial)) return null;
    const made = node('a', 'call', call.title);
    made.href = 'tel:' + call.dial;
    return made;
  }

  /** One message of the bot or of an officer. */
  function theirs(message) {
    const made = bubble('theirs', t('botSays'), linkify(message.text || '', hosts));
    const calls = (message.calls || []).map(callButton).filter(Boolean);
    if (calls.length) made.append(node('div', 'calls', ...calls));
    const image = message.image && picture(message.image);
    if (image) made.append(image);
    for (const attachment of message.attachments || []) {
      if (ownAddress(attachment.href)) made.append(attachmentRow(attachment));
    }
    log.append(made);
    offer(message);
    return made;
  }

  /** Draws the messages; a long answer is shown from its beginning. `expected`: it answers what was just sent. */
  function receive(messages, expected) {
    if (!messages.length) return;
    const follow = expected || nearBottom();
    const drawn = messages.map(theirs);
    if (!follow) {
      newer.hidden = false;
      return;
    }
    [first] = drawn;
    settle();
  }

  /** A line from the page itself, between the bubbles. */
  function notice(sentence) {
    log.append(node('p', 'notice', sentence));
    toBottom();
  }

  /** The first suggestions: [{title, choice, urgent}]. */
  function starters(list, onPick) {
    const group = optionGroup(t('starters'));
    for (const item of list) {
      option(group, item.urgent ? 'urgent' : '', item.title, (event) => onPick(item, event.detail === 0));
    }
  }

  /** Takes every word off the screen, but the greeting. */
  function clear() {
    dropOptions();
    for (const made of Array.from(log.querySelectorAll('.message, .notice, .options'))) made.remove();
    for (const url of objectUrls.splice(0)) URL.revokeObjectURL(url);
    newer.hidden = true;
  }

  return { settle, mine, mark, receive, notice, starters, clear, dropOptions };
}

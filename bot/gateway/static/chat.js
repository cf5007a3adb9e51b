// The chat page: wires the parts together. Nothing is written to storage of any kind; see exit.js for the ways out.

import { createApi, newId } from './api.js';
import { createComposer } from './composer.js';
import { armExit } from './exit.js';
import { armFit } from './fit.js';
import { createSender } from './sender.js';
import { language, t, useLanguage } from './strings.js';
import { createView } from './view.js';

const SLOW_MS = 8000;
const ERASE_CONFIRM_MS = 5000;
const LOCATION_MS = 20000;
// What the first buttons do. They are choices, not words: no classifier may send a frightened person elsewhere.
const STARTERS = [
  ['Danger', 'say:emergency_in_danger'], ['Offer', 'do:check_offer'], ['Tip', 'do:report_tip'],
  ['Status', 'do:report_tip_status'], ['Safe', 'say:safe_migration'],
];

const byId = (id) => document.getElementById(id);
const page = document.documentElement;
const query = new URLSearchParams(location.search);
const embedded = window.parent !== window;

const api = createApi('/chat/api');
const shown = new Set();
let lastId = ''; // up to here everything that came has been shown
let registration = null;
let slowTimer = 0;

const announce = (sentence) => { byId('announce').textContent = sentence; };

const view = createView({
  log: byId('log'),
  newer: byId('newer'),
  hosts: (page.dataset.linkHosts || '').split(' ').filter(Boolean),
  on: {
    choose: (choice, keyboard) => send({ choice: choice.id }, choice.title, [], keyboard),
    locate,
    file: (attachment) => api.file(attachment.href),
  },
});

let updates = null; // fetched with the first answer: a phone that only looks at the page does not pay for it

const sender = createSender(api, {
  waiting: (message) => { view.mark(message.made, ''); typing(true); },
  sent: (message, replies) => {
    typing(!replies.length || sender.busy()); // an answer that takes longer than the server waits comes with the updates
    receive(replies, true);
    listen();
  },
  failed: (message, error) => {
    typing(false);
    const sentence = error.transient ? t('failed') : error.sentence || t('refused');
    view.mark(message.made, sentence, error.transient ? () => sender.retry(message) : null);
    if (!error.transient) putBack(message);
    announce(sentence);
  },
  gone: (message) => {
    typing(false);
    // A text or a first button still makes sense in a new session; another button or a file belonged to the old one.
    const resend = (message.text && !message.files.length) || message.starter;
    if (resend && !message.moved) {
      sessionGone('');
      message.moved = true;
      sender.add(message);
    } else {
      sessionGone(t('sendAgain'));
      putBack(message);
    }
  },
});

const composer = createComposer({
  form: byId('composer'),
  input: byId('input'),
  attach: byId('attach'),
  picker: byId('picker'),
  chips: byId('chips'),
  traces: byId('traces'),
  unclean: byId('unclean'),
  original: byId('original'),
  counter: byId('counter'),
  problem: byId('problem'),
  onSend: (text, files, original) => send({ text, original }, text, files, false),
});

function putBack(message) {
  if (message.text || message.files.length) composer.putBack(message.text || '', message.files);
}

async function listen() {
  try {
    const { createUpdates } = await import('./updates.js');
    updates = updates || createUpdates(api, () => lastId, {
      messages: (messages) => {
        if (messages.length && !sender.busy()) typing(false);
        receive(messages, false);
      },
      gone: () => sessionGone(''),
    });
    updates.start();
  } catch (error) {
    // The network is away; the next answer tries again.
  }
}

function receive(messages, expected) {
  const fresh = messages.filter((message) => !shown.has(message.id));
  for (const message of fresh) shown.add(message.id);
  // An answer says nothing of what came before it while the stream was broken: only the updates have no gaps.
  if (!expected && messages.length) lastId = messages[messages.length - 1].id;
  view.receive(fresh, expected);
  if (fresh.length && embedded) window.parent.postMessage({ lachan: 'news' }, '*');
}

function send(content, words, files, keyboard) {
  const made = view.mine(words, files.map((file) => file.name), keyboard);
  sender.add(Object.assign({ id: newId(), files, made }, content));
}

function typing(on) {
  clearTimeout(slowTimer);
  const status = byId('status');
  byId('typing').hidden = !on;
  status.classList.remove('shown'); // read out, not drawn: the dots say the same
  status.textContent = on ? t('typing') : '';
  if (!on) return;
  slowTimer = setTimeout(() => {
    status.textContent = t('slow');
    status.classList.add('shown');
  }, SLOW_MS);
}

function sessionGone(more) {
  api.forget();
  if (updates) updates.stop();
  view.dropOptions();
  shown.clear(); // a new session may count its messages from the start again
  lastId = '';
  view.notice((t('sessionGone') + ' ' + more).trim());
}

function locate(made, keyboard) {
  made.disabled = true;
  announce(t('locating'));
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const place = { latitude: coords.latitude, longitude: coords.longitude };
      send({ location: place }, t('locationSent'), [], keyboard);
    },
    () => {
      made.disabled = false;
      view.notice(t('locationFailed'));
      byId('input').focus();
    },
    { timeout: LOCATION_MS, maximumAge: 0, enableHighAccuracy: false },
  );
}

function showStarters() {
  const list = STARTERS.map(([name, choice]) => ({ title: t('start' + name), choice, urgent: name === 'Danger' }));
  view.starters(list, (item, keyboard) => (
    send({ choice: item.choice, language: language(), starter: true }, item.title, [], keyboard)));
}

/** Ends the conversation here and on the server, and empties the screen. */
function wipe() {
  if (updates) updates.stop();
  sender.clear();
  api.end();
  composer.clear();
  view.clear();
  shown.clear();
  lastId = '';
  typing(false);
  announce('');
}

function armErase() {
  const erase = byId('erase');
  let timer = 0;
  const calm = () => {
    clearTimeout(timer);
    timer = 0;
    erase.textContent = t('erase');
  };
  erase.addEventListener('click', () => {
    if (!timer) {
      erase.textContent = t('eraseConfirm');
      announce(t('eraseConfirm'));
      timer = setTimeout(calm, ERASE_CONFIRM_MS);
      return;
    }
    calm();
    wipe();
    view.notice(t('erased'));
    showStarters();
    byId('input').focus();
  });
}

function watchConnection() {
  const update = () => { byId('offline').hidden = navigator.onLine; };
  window.addEventListener('offline', update);
  window.addEventListener('online', () => { update(); sender.retryAll(); });
  update();
}

async function speak(name) {
  try {
    await useLanguage(name);
  } catch (error) {
    return; // the network is away: the page stays in the language it has
  }
  if (!document.querySelector('.message')) showStarters();
}

function armLanguage() {
  byId('language').addEventListener('click', () => speak(language() === 'vi' ? 'en' : 'vi'));
  if (query.get('lang') === 'en') speak('en');
}

// A poster's QR code opens the page with its topic behind the #, which no server is told and the history does not keep.
function openTopic() {
  const topic = location.hash.slice(1);
  if (!/^(?:say|do):[a-z0-9_]{2,40}$/.test(topic)) return;
  history.replaceState(null, '', location.pathname + location.search);
  if (!document.querySelector('.message')) send({ choice: topic, language: language(), starter: true }, t('poster'));
}

function armWidget(exit) {
  if (!embedded) return;
  page.classList.add('embed');
  byId('minimise').hidden = false;
  const minimise = () => window.parent.postMessage({ lachan: 'close' }, '*');
  byId('minimise').addEventListener('click', minimise);
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') minimise(); });
  window.addEventListener('message', (event) => {
    if (event.source !== window.parent || !event.data) return;
    if (event.data.lachan === 'leave') exit();
    if (event.data.lachan === 'open') byId('input').focus();
  });
}

async function installWorker() {
  if (embedded || !navigator.serviceWorker) return;
  try {
    registration = await navigator.serviceWorker.register('/sw.js?v=' + page.dataset.version);
  } catch (error) {
    // A private window or an old browser: the chat works without the offline page.
  }
}

function start() {
  const exit = armExit({
    links: [byId('exit'), byId('exit-link')],
    dots: byId('shift-dots'),
    overlay: byId('overlay'),
    worker: () => registration,
    announce, wipe, t,
  });
  byId('boot').remove();
  byId('composer').querySelector('fieldset').disabled = false;
  byId('erase').hidden = false;
  byId('language').hidden = false;
  armErase();
  armFit({ page, top: byId('top'), log: byId('log'), foot: byId('foot'), erase: byId('erase'), onChange: view.settle });
  showStarters();
  armLanguage();
  openTopic();
  armWidget(exit);
  watchConnection();
  window.addEventListener('load', installWorker);
}

start();

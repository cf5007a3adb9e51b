// Keeps one page of hotline numbers for a phone without a network. Never a message, never an answer of the API.
// Served at /sw.js?v=VERSION: a new version fetches its page anew.

const CACHE = 'lachan-offline-' + (new URL(self.location.href).searchParams.get('v') || 'dev');
const OFFLINE = '/static/offline.html';
const SHELL = [OFFLINE, '/static/chat.css', '/static/offline.css', '/static/shield.svg'];

self.addEventListener('install', (event) => {
  const fresh = SHELL.map((path) => new Request(path, { cache: 'reload', credentials: 'omit' }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

// Quick exit: nothing of this site stays on the device.
self.addEventListener('message', (event) => {
  if (event.data !== 'forget') return;
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.map((name) => caches.delete(name))))
    .then(() => self.registration.unregister()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate' && url.pathname === '/') {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (SHELL.includes(url.pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(url.pathname)));
  }
});

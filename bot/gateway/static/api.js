// The chat's HTTP interface. The session token lives in this module's closure and nowhere else.

const QUIET = { cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'error' };
const SEND_MS = 30000;
const UPLOAD_MS = 180000;
const READ_MS = 15000;
const STREAM_SILENCE_MS = 45000; // the server pings more often than this; a silent stream is a buffered or dead one

/** What the server refused or could not do. `status` 0 means no answer came. */
export class ApiError extends Error {
  constructor(status, code, message) {
    super(code);
    this.status = status;
    this.code = code;
    this.sentence = message; // for the person, from the server
    this.retryAfter = 0; // seconds
  }

  /** The same message may be sent again with the same id. */
  get transient() {
    return this.status === 0 || this.status === 408 || this.status === 409 || this.status === 425
      || this.status === 429 || this.status >= 500;
  }

  get sessionGone() {
    return this.status === 401;
  }
}

/** A message id the server uses to take a repeated delivery once. */
export function newId() {
  if (self.crypto && crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function failure(response) {
  let data = {};
  try {
    data = await response.json();
  } catch (error) {
    // A proxy answered, not the chat: the status alone says what to do.
  }
  const made = new ApiError(response.status, String(data.error || 'http'), String(data.message || ''));
  made.retryAfter = Math.min(30, Number(response.headers.get('Retry-After')) || 0);
  return made;
}

async function request(path, options, milliseconds) {
  const aborter = new AbortController();
  const timer = setTimeout(() => aborter.abort(), milliseconds);
  const given = options.signal;
  const abort = () => aborter.abort();
  if (given) given.addEventListener('abort', abort);
  try {
    const response = await fetch(path, Object.assign({}, QUIET, options, { signal: aborter.signal }));
    if (!response.ok) throw await failure(response);
    return response.status === 204 ? null : await (options.blob ? response.blob() : response.json());
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError(0, 'network', '');
  } finally {
    clearTimeout(timer);
    if (given) given.removeEventListener('abort', abort);
  }
}

function eventsIn(buffer) {
  const blocks = buffer.replace(/\r\n?/g, '\n').split('\n\n');
  const rest = blocks.pop();
  const events = blocks.map((block) => {
    const event = { name: 'message', data: [] };
    for (const line of block.split('\n')) {
      if (line.startsWith('event:')) event.name = line.slice(6).trim();
      else if (line.startsWith('data:')) event.data.push(line.slice(5).trim());
    }
    return { name: event.name, data: event.data.join('\n') };
  });
  return { events, rest };
}

const since = (id) => (id ? '?after=' + encodeURIComponent(id) : '');

/** One conversation with the server below `base`. */
export function createApi(base) {
  let token = null;
  let opening = null;
  let era = 0; // what was on its way when a conversation was ended must not open another one

  const bearer = () => ({ Authorization: 'Bearer ' + token });

  /** Opens a session unless there is one; calls made meanwhile share it. */
  function open() {
    if (token) return Promise.resolve();
    if (!opening) {
      const started = era;
      opening = request(base + '/sessions', { method: 'POST' }, READ_MS)
        .then((data) => {
          token = data.session;
          if (started !== era) end();
        })
        .finally(() => { opening = null; });
    }
    return opening;
  }

  /** Sends one message: {id, text | choice | location, files?, original?}. Returns the server's messages. */
  async function send(message) {
    const started = era;
    await open();
    if (started !== era) throw new ApiError(410, 'ended', '');
    const headers = bearer();
    if (message.files && message.files.length) {
      const form = new FormData();
      form.append('message_id', message.id);
      form.append('text', message.text || '');
      if (message.original) form.append('original', '1');
      for (const file of message.files) form.append('file', file, 'tep'); // its name stays here
      return (await request(base + '/messages', { method: 'POST', headers, body: form }, UPLOAD_MS)).messages;
    }
    const data = { message_id: message.id };
    for (const key of ['text', 'choice', 'language', 'location']) if (message[key] !== undefined) data[key] = message[key];
    headers['Content-Type'] = 'application/json';
    const body = JSON.stringify(data);
    return (await request(base + '/messages', { method: 'POST', headers, body }, SEND_MS)).messages;
  }

  /** Messages that came after the one with id `after` ('' for all). */
  async function later(after, signal) {
    return (await request(base + '/messages' + since(after), { headers: bearer(), signal }, READ_MS)).messages;
  }

  /**
   * Reads the stream of what comes after the message `after` until it ends, calling `onMessages` for each batch.
   * EventSource cannot carry the Authorization header, and a token in a URL would end in a log: hence fetch.
   */
  async function stream(after, onMessages, signal) {
    const aborter = new AbortController();
    const abort = () => aborter.abort();
    signal.addEventListener('abort', abort);
    let timer = setTimeout(abort, STREAM_SILENCE_MS);
    try {
      const headers = Object.assign(bearer(), { Accept: 'text/event-stream' });
      const response = await fetch(base + '/events' + since(after), Object.assign({ headers, signal: aborter.signal }, QUIET));
      if (!response.ok) throw await failure(response);
      if (!response.body) throw new ApiError(0, 'no_stream', '');
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let buffer = '';
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        clearTimeout(timer);
        timer = setTimeout(abort, STREAM_SILENCE_MS);
        const read = eventsIn(buffer + decoder.decode(part.value, { stream: true }));
        buffer = read.rest;
        for (const event of read.events) {
          if (event.name === 'messages') onMessages(JSON.parse(event.data).messages);
        }
      }
    } catch (error) {
      throw error instanceof ApiError ? error : new ApiError(0, 'stream', '');
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  /** The bytes of an attachment, which only this session may read. */
  function file(href) {
    return request(href, { headers: bearer(), blob: true }, UPLOAD_MS);
  }

  /** Forgets the session here; the server is told even while the page is going away. */
  function end() {
    era += 1;
    if (!token) return;
    const headers = bearer();
    token = null;
    fetch(base + '/sessions', Object.assign({ method: 'DELETE', headers, keepalive: true }, QUIET)).catch(() => {});
  }

  /** Forgets a session the server no longer knows. */
  function forget() {
    token = null;
  }

  return { send, later, stream, file, end, forget, active: () => token !== null };
}

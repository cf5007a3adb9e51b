// What the person sends leaves in order, and is tried again with the same id when the network fails. A text does not wait for the
// answer to the text before it: pieces of one answer are heard together. Everything else leaves by itself.

const DELAYS_MS = [1000, 3000, 8000];
const GAP_MS = 300; // between two that are on their way together: on two connections the later one must not arrive first
const MOST_AT_ONCE = 4; // a browser keeps six connections to a server, and one of them listens

/**
 * A queue in front of `api.send`.
 *
 * on.waiting(message): it is on its way. on.sent(message, replies). on.failed(message, error): gave up for now,
 * `retry(message)` tries again. on.gone(message): the session had ended.
 */
export function createSender(api, on) {
  let queue = [];
  let failed = [];
  let flying = []; // on their way
  let left = 0; // when the last one left
  let later = 0;
  let lives = 0; // sessions that ended under a message
  let era = 0; // a reply that arrives after `clear` belongs to an erased conversation

  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  async function attempt(message, started) {
    for (let tries = 0; ; tries += 1) {
      try {
        return await api.send(message);
      } catch (error) {
        if (!error.transient || tries >= DELAYS_MS.length) throw error;
        message.late = true; // nothing may overtake it
        await pause(Math.max(DELAYS_MS[tries], (error.retryAfter || 0) * 1000));
        if (started !== era) throw error; // erased meanwhile: it must not leave any more
      }
    }
  }

  async function deliver(message) {
    const started = era;
    const life = lives;
    on.waiting(message);
    try {
      const replies = await attempt(message, started);
      land(message);
      if (started === era) on.sent(message, replies);
    } catch (error) {
      land(message);
      if (started !== era) return;
      if (error.sessionGone && life !== lives) {
        add(message); // the piece before it has moved to a new session already
        return;
      }
      if (error.sessionGone) {
        lives += 1;
        api.forget();
        on.gone(message);
        return;
      }
      if (error.transient) failed.push(message);
      on.failed(message, error);
    }
  }

  const land = (message) => { flying = flying.filter((other) => other !== message); };

  const piece = (message) => Boolean(message.text) && !message.files.length && !message.late;

  function mayLeave(message) {
    return !flying.length || (flying.length < MOST_AT_ONCE && [message, ...flying].every(piece));
  }

  function run() {
    while (queue.length && mayLeave(queue[0])) {
      const early = flying.length ? Math.min(left + GAP_MS - Date.now(), GAP_MS) : 0;
      clearTimeout(later);
      if (early > 0) {
        later = setTimeout(run, early);
        return;
      }
      left = Date.now();
      const message = queue.shift();
      flying.push(message);
      deliver(message).finally(() => { land(message); run(); });
    }
  }

  function add(message) {
    message.late = false;
    queue.push(message);
    run();
  }

  function retry(message) {
    failed = failed.filter((other) => other !== message);
    add(message);
  }

  /** Everything that failed, in the order it was written: called when the network is back. */
  function retryAll() {
    for (const message of failed.slice()) retry(message);
  }

  function clear() {
    era += 1;
    queue = [];
    failed = [];
  }

  return { add, retry, retryAll, clear, busy: () => flying.length > 0 };
}

// What the person sends leaves one at a time, in order, and is tried again with the same id when the network fails.

const DELAYS_MS = [1000, 3000, 8000];

/**
 * A queue in front of `api.send`.
 *
 * on.waiting(message): it is on its way. on.sent(message, replies). on.failed(message, error): gave up for now,
 * `retry(message)` tries again. on.gone(message): the session had ended.
 */
export function createSender(api, on) {
  let queue = [];
  let failed = [];
  let running = false;
  let era = 0; // a reply that arrives after `clear` belongs to an erased conversation

  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  async function attempt(message, started) {
    for (let tries = 0; ; tries += 1) {
      try {
        return await api.send(message);
      } catch (error) {
        if (!error.transient || tries >= DELAYS_MS.length) throw error;
        await pause(Math.max(DELAYS_MS[tries], (error.retryAfter || 0) * 1000));
        if (started !== era) throw error; // erased meanwhile: it must not leave any more
      }
    }
  }

  async function deliver(message) {
    const started = era;
    on.waiting(message);
    try {
      const replies = await attempt(message, started);
      if (started === era) on.sent(message, replies);
    } catch (error) {
      if (started !== era) return;
      if (error.sessionGone) {
        api.forget();
        on.gone(message);
        return;
      }
      if (error.transient) failed.push(message);
      on.failed(message, error);
    }
  }

  async function run() {
    if (running) return;
    running = true;
    while (queue.length) await deliver(queue.shift());
    running = false;
  }

  function add(message) {
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

  return { add, retry, retryAll, clear, busy: () => running };
}

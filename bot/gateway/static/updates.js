// Later messages (an officer's answer, a notice): a stream while the page is in view, polling when streams do not work.

const POLL_MS = 10000;
const RECONNECT_MS = [2000, 5000, 10000];
const POLLS_BEFORE_STREAM = 12; // then a stream is tried again

/** Listens for later messages. `last()` is the id up to which all were shown; `on.messages(list)`, `on.gone()`. */
export function createUpdates(api, last, on) {
  let aborter = null;

  function pause(milliseconds, signal) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); });
    });
  }

  async function catchUp(signal) {
    const messages = await api.later(last(), signal);
    if (!signal.aborted) on.messages(messages);
  }

  /** One try: what was missed, then the stream. Returns true if the stream delivered or ended without an error. */
  async function listen(signal) {
    let delivered = false;
    try {
      await catchUp(signal);
      await api.stream(last(), (messages) => {
        delivered = true;
        if (!signal.aborted) on.messages(messages);
      }, signal);
      return true;
    } catch (error) {
      if (error.sessionGone) throw error;
      return delivered;
    }
  }

  async function poll(signal) {
    for (let round = 0; round < POLLS_BEFORE_STREAM && !signal.aborted; round += 1) {
      await pause(POLL_MS, signal);
      if (signal.aborted) return;
      try {
        await catchUp(signal);
      } catch (error) {
        if (error.sessionGone) throw error;
      }
    }
  }

  async function run(signal) {
    let failures = 0;
    try {
      while (!signal.aborted) {
        failures = (await listen(signal)) ? 0 : failures + 1;
        if (failures >= RECONNECT_MS.length) {
          await poll(signal);
          failures = 0;
        } else {
          await pause(RECONNECT_MS[failures], signal);
        }
      }
    } catch (error) {
      if (!signal.aborted) {
        stop();
        on.gone();
      }
    }
  }

  function start() {
    if (aborter || !api.active() || document.hidden) return;
    aborter = new AbortController();
    run(aborter.signal);
  }

  function stop() {
    if (aborter) aborter.abort();
    aborter = null;
  }

  document.addEventListener('visibilitychange', () => (document.hidden ? stop() : start()));
  return { start, stop };
}

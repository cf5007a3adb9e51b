// Everything works without this file: it adds counting clocks, keys for the list, ready-made sentences, a word when
// something new came, and it clears the screen when the session has ended.
function left(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor(minutes / 60) % 24;
  let amount = `${minutes % 60} phút`;
  if (days) amount = `${days} ngày ${hours} giờ`;
  else if (hours) amount = `${hours} giờ ${minutes % 60} phút`;
  return seconds < 0 ? `quá hạn ${amount}` : `còn ${amount}`;
}

function tick() {
  const now = Date.now() / 1000;
  document.querySelectorAll('time[data-due]').forEach((time) => {
    const text = left(Number(time.dataset.due) - now);
    if (time.textContent !== text) time.textContent = text;
    const row = time.closest('tr');
    if (row) row.classList.toggle('late', Number(time.dataset.due) < now);
  });
}
tick();
setInterval(tick, 5000);

const rows = Array.from(document.querySelectorAll('.rows a.open'));
let at = -1;
document.addEventListener('keydown', (event) => {
  if (!rows.length || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  if (event.key !== 'j' && event.key !== 'k') return;
  if (at >= 0) rows[at].closest('tr').classList.remove('at');
  at = Math.min(rows.length - 1, Math.max(0, at + (event.key === 'j' ? 1 : -1)));
  rows[at].closest('tr').classList.add('at');
  rows[at].focus();
});

document.querySelectorAll('button[data-text]').forEach((button) => {
  button.hidden = false;
  button.addEventListener('click', () => {
    const box = document.getElementById('text');
    box.value = box.value ? `${box.value}\n${button.dataset.text}` : button.dataset.text;
    box.focus();
  });
});

document.querySelectorAll('button[data-print]').forEach((button) => {
  button.hidden = false;
  button.addEventListener('click', () => { window.print(); });
});

// What is written so far of an answer is kept a few seconds after the last key, sealed for its writer alone.
const answer = document.querySelector('textarea[data-draft]');
if (answer) {
  const said = document.getElementById('draft');
  let timer = 0;
  const keep = async () => {
    clearTimeout(timer);
    timer = 0;
    const body = new URLSearchParams({ csrf: answer.form.elements.csrf.value, text: answer.value, quiet: 'yes' });
    try {
      const done = await fetch(answer.dataset.draft, { method: 'POST', body, redirect: 'manual' });
      said.textContent = done.status === 204 && answer.value ? 'Đã giữ bản nháp; chỉ mình bạn đọc được.' : '';
    } catch {
      said.textContent = 'Chưa giữ được bản nháp.';
    }
    said.hidden = !said.textContent;
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(keep, 3000); };
  answer.addEventListener('input', later);
  document.querySelectorAll('button[data-text]').forEach((button) => { button.addEventListener('click', later); });
  answer.form.addEventListener('submit', () => { clearTimeout(timer); timer = 0; });
  document.addEventListener('visibilitychange', () => { if (document.hidden && timer) keep(); });
}

// Other tips that name the same number, once the page stands.
document.querySelectorAll('[data-load]').forEach(async (section) => {
  try {
    const part = await fetch(section.dataset.load, { redirect: 'manual' });
    if (part.ok) section.querySelector('p').outerHTML = await part.text();
  } catch {
    // The link in its place goes on working.
  }
});

// A second press must not send a form twice.
document.querySelectorAll('form[method=post]').forEach((form) => {
  form.addEventListener('submit', (event) => {
    // What comes as a file leaves the page as it is, and may be asked for again.
    if (/\/(export|letter)$/.test(event.submitter?.formAction || form.action)) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
  });
});
window.addEventListener('pageshow', () => {
  document.querySelectorAll('form[data-sent]').forEach((form) => { delete form.dataset.sent; });
});

// Numbers only, twice a minute; asking does not keep the session alive.
const news = document.getElementById('news');
async function ask() {
  try {
    const answer = await fetch('/pulse', { redirect: 'manual' });
    if (!answer.ok) return;
    const beat = await answer.json();
    const waiting = beat.unread + beat.replies;
    document.title = waiting ? document.title.replace(/^(\(\d+\) )?/, `(${waiting}) `) : document.title.replace(/^\(\d+\) /, '');
    // Times are kept to the minute: a second message within one shows in the count only.
    if (beat.newest > Number(news.dataset.newest) || beat.replies > Number(news.dataset.replies)) news.hidden = false;
  } catch {
    // Without a connection there is nothing to tell.
  }
}
if (news) {
  ask();
  setInterval(ask, 30000);
}

// A tip must not stay on the screen of somebody who went away: warn two minutes before, leave at the end.
const idle = Number(document.body.dataset.idle || 0) * 1000;
if (idle) {
  const bar = document.getElementById('idle');
  let since = Date.now();
  const watch = () => {
    const passed = Date.now() - since;
    bar.hidden = passed < idle - 120000;
    if (passed >= idle) window.location.replace('/sign-in');
  };
  document.getElementById('stay').addEventListener('click', async (event) => {
    event.preventDefault();
    const answer = await fetch('/stay', { redirect: 'manual' });
    if (answer.status !== 204) window.location.replace('/sign-in');
    since = Date.now();
    bar.hidden = true;
  });
  setInterval(watch, 5000);
  document.addEventListener('visibilitychange', watch);
}

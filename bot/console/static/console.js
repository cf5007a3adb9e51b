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

// Keys, unless somebody is writing or has switched them off on this machine.
const off = 'lachan-keys-off';
const find = (what) => document.querySelector(what);
let at = -1;
function go(step) {
  const rows = Array.from(document.querySelectorAll('.rows a.open'));
  if (!rows.length) return;
  document.querySelectorAll('tr.at').forEach((row) => row.classList.remove('at'));
  at = Math.min(rows.length - 1, Math.max(0, at + step));
  rows[at].closest('tr').classList.add('at');
  rows[at].focus();
}
const keys = {
  j: () => go(1),
  k: () => go(-1),
  x: () => { const box = find('tr.at input[name=id]'); if (box) box.click(); },
  t: () => { const box = document.getElementById('text'); if (box) box.focus(); },
  n: () => { const button = find('.head.top .act button'); if (button) button.focus(); },
  u: () => { const back = find('.back a'); if (back) back.click(); },
  '/': () => { const box = find('.seek input[name=q]'); if (box) box.focus(); },
  '?': () => { const list = document.getElementById('keys'); if (list) { list.open = true; list.querySelector('summary').focus(); } },
};
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys) || localStorage.getItem(off)) return;
  const place = event.target;
  if (/^(TEXTAREA|SELECT)$/.test(place.tagName) || (place.tagName === 'INPUT' && place.type !== 'checkbox')) return;
  event.preventDefault();
  keys[event.key]();
});
document.querySelectorAll('[data-keys]').forEach((box) => {
  box.closest('label').hidden = false;
  box.checked = !localStorage.getItem(off);
  box.addEventListener('change', () => { if (box.checked) localStorage.removeItem(off); else localStorage.setItem(off, 'yes'); });
});

// Back from a tip: the row it was opened from is where the keys go on.
function come() {
  const row = /^#t-[0-9a-f]{8}$/.test(location.hash) && document.getElementById(location.hash.slice(1));
  const open = row && row.querySelector('a.open');
  if (!open) return;
  at = Array.from(document.querySelectorAll('.rows a.open')).indexOf(open);
  row.classList.add('at');
  open.focus();
}
// After the browser has gone to the row itself: that takes the focus away again.
window.addEventListener('load', () => { setTimeout(come, 0); });

// What was pressed and waits: its seconds, by no clock but the page's own, and the page anew when they are over.
document.querySelectorAll('[data-seconds]').forEach((box) => {
  const said = box.querySelector('[data-said]');
  const end = performance.now() + Number(box.dataset.seconds) * 1000;
  const count = () => {
    const seconds = Math.ceil((end - performance.now()) / 1000);
    if (said && seconds > 0) said.textContent = `Còn ${seconds} giây. Bấm nhầm thì lấy lại ngay bây giờ.`;
    if (seconds < -1) window.location.replace(box.dataset.reload);
    else setTimeout(count, 500);
  };
  count();
});

function chosen() {
  const count = document.querySelectorAll('#rows input[name=id]:checked').length;
  document.querySelectorAll('[data-chosen]').forEach((said) => { said.textContent = count ? `${count} tin` : ''; });
}
document.addEventListener('change', (event) => { if (event.target.name === 'id') chosen(); });
chosen();

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

// Numbers only, twice a minute; asking does not keep the session alive. When they change, counters and rows come by themselves,
// unless somebody is in the middle of them: then a line says so.
const news = document.getElementById('news');
const busy = () => find('#rows input[name=id]:checked') || (document.activeElement && document.activeElement.closest('#rows, #bulk'));
async function refresh() {
  const part = await fetch(`/rows${location.search}`, { redirect: 'manual' });
  if (!part.ok) return;
  const fresh = new DOMParser().parseFromString(await part.text(), 'text/html');
  if (busy()) { news.hidden = false; return; }
  for (const id of ['filters', 'rows']) document.getElementById(id).replaceWith(fresh.getElementById(id));
  document.getElementById('total').textContent = document.getElementById('filters').dataset.total;
  document.getElementById('fresh').textContent = 'Danh sách vừa tự cập nhật.';
  news.hidden = true;
  at = -1;
  tick();
}
let last = null;
async function ask() {
  try {
    const answer = await fetch('/pulse', { redirect: 'manual' });
    if (!answer.ok) return;
    const beat = await answer.json();
    const said = JSON.stringify(beat);
    const waiting = beat.unread + beat.replies;
    document.title = waiting ? document.title.replace(/^(\(\d+\) )?/, `(${waiting}) `) : document.title.replace(/^\(\d+\) /, '');
    // A message in a tip of a filter that hides it, or beside an older one: the counts tell.
    if (last === null ? beat.newest > Number(news.dataset.newest) || beat.replies !== Number(news.dataset.replies) : said !== last) await refresh();
    last = said;
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

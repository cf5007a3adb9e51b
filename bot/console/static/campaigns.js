// Everything works without this file: it keeps count and preview beside the form up to date, moves the progress bar, and copies.
const number = new Intl.NumberFormat('vi-VN');

const form = document.querySelector('form[data-look]');
if (form) {
  const place = document.getElementById('look');
  let waiting = 0;
  let asked = null;
  const look = async () => {
    if (asked) asked.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(form.dataset.look, { method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual', signal: asked.signal });
      if (!answer.ok) return;
      const open = Array.from(place.querySelectorAll('details')).map((details) => details.open);
      place.innerHTML = await answer.text();
      place.querySelectorAll('details').forEach((details, index) => { if (index < open.length) details.open = open[index]; });
    } catch {
      // Without a connection the last look stays.
    }
  };
  form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 400);
  });
}

const bar = document.getElementById('progress');
function spoken(seconds) {
  if (seconds === null) return 'đang tính giờ xong';
  const minutes = Math.ceil(seconds / 60);
  if (minutes >= 1440) return `còn khoảng ${Math.floor(minutes / 1440)} ngày ${Math.floor(minutes / 60) % 24} giờ`;
  return minutes >= 60 ? `còn khoảng ${Math.floor(minutes / 60)} giờ ${minutes % 60} phút` : `còn khoảng ${minutes} phút`;
}
function write(name, text) {
  const part = bar.querySelector(`[data-part=${name}]`);
  if (part) part.textContent = text;
}
async function progress() {
  try {
    const answer = await fetch(bar.dataset.url, { redirect: 'manual' });
    if (!answer.ok) return;
    const now = await answer.json();
    if (now.state !== bar.dataset.state) {
      window.location.reload();
      return;
    }
    bar.querySelector('progress').value = now.share;
    write('share', `${(now.share * 100).toFixed(1)}%`);
    write('done', number.format(now.done));
    write('total', number.format(now.total));
    write('rate', now.rate.toFixed(1));
    write('left', spoken(now.left));
    bar.querySelectorAll('[data-count]').forEach((tag) => {
      const count = now.counts[tag.dataset.count] || 0;
      tag.hidden = !count;
      tag.querySelector('b').textContent = number.format(count);
    });
  } catch {
    // Without a connection the last numbers stay.
  }
}
if (bar && ['running', 'paused', 'approved'].includes(bar.dataset.state)) setInterval(progress, 2000);
// A campaign whose time has come begins without anybody's click.
const waitingState = document.querySelector('[data-waits]');
if (waitingState) {
  setInterval(async () => {
    try {
      const answer = await fetch(waitingState.dataset.waits, { redirect: 'manual' });
      if (answer.ok && (await answer.json()).state !== 'approved') window.location.reload();
    } catch {
      // Asked again in a moment.
    }
  }, 5000);
}

document.querySelectorAll('button[data-copy]').forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = 'Đã chép';
  });
});

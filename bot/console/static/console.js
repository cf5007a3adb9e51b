// Everything works without this file: it adds counting clocks, keys for the list, and ready-made sentences.
function left(seconds) {
  if (seconds < 0) return 'quá hạn';
  const minutes = Math.floor(seconds / 60);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor(minutes / 60) % 24;
  if (days) return `còn ${days} ngày ${hours} giờ`;
  return hours ? `còn ${hours} giờ ${minutes % 60} phút` : `còn ${minutes} phút`;
}

function tick() {
  const now = Date.now() / 1000;
  document.querySelectorAll('time[data-due]').forEach((time) => { time.textContent = left(Number(time.dataset.due) - now); });
}
tick();
setInterval(tick, 15000);

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

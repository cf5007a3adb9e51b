// The sentences of the page's own shell. What the bot says comes from the server, never from here.
// Vietnamese that chat.html shows stands there only; these are the ones the script adds.

const vi = {
  starters: 'Bạn có thể bắt đầu từ đây',
  poster: 'Mình quét mã trên áp phích',
  startDanger: 'Mình đang gặp nguy hiểm',
  startOffer: 'Kiểm tra một lời mời việc làm',
  startTip: 'Báo tin',
  startStatus: 'Xem lại tin đã báo',
  startSafe: 'Đi làm xa an toàn',
  removeFile: 'Bỏ tệp',
  erase: 'Xóa trò chuyện',
  eraseConfirm: 'Bấm lần nữa để xóa',
  erased: 'Đã xóa cuộc trò chuyện khỏi màn hình này. Bạn có thể bắt đầu lại bất cứ lúc nào.',
  typing: 'Lá Chắn đang trả lời',
  slow: 'Vẫn đang xử lý. Nếu gấp, bạn gọi 113 hoặc 111 ngay nhé.',
  botSays: 'Lá Chắn:',
  youSay: 'Bạn:',
  choices: 'Các lựa chọn trả lời',
  shareLocation: 'Gửi vị trí của mình',
  locating: 'Đang tìm vị trí…',
  locationSent: 'Đã chia sẻ vị trí',
  locationFailed: 'Chưa lấy được vị trí. Không sao, bạn gõ tên xã, phường hoặc một nơi dễ nhận ra gần đó nhé.',
  openFile: 'Mở tệp',
  saveFile: 'Lưu tệp vào máy',
  fileFailed: 'Chưa mở được tệp. Bạn thử lại sau ít phút nhé.',
  failed: 'Chưa gửi được.',
  retry: 'Thử lại',
  refused: 'Tin này chưa gửi được.',
  tooLong: 'Tin dài quá 4.000 ký tự. Bạn chia thành hai tin giúp mình nhé.',
  left: 'Còn {n} ký tự',
  over: 'Dài quá {n} ký tự',
  tooMany: 'Mỗi lần gửi tối đa {n} tệp. Bạn gửi phần còn lại ở tin sau nhé.',
  tooBig: 'Tệp này lớn quá 20 MB. Bạn chọn tệp nhỏ hơn giúp mình nhé.',
  tooBigTogether: 'Các tệp này cộng lại lớn quá 20 MB. Bạn gửi làm nhiều lần giúp mình nhé.',
  sessionGone: 'Cuộc trò chuyện trước đã được đóng để giữ kín cho bạn. Mình vẫn ở đây, bạn cứ nhắn tiếp nhé.',
  sendAgain: 'Bạn gửi lại giúp mình nhé.',
  shift2: 'Đã nhấn Shift. Nhấn thêm 2 lần nữa để thoát.',
  shift1: 'Đã nhấn Shift. Nhấn thêm 1 lần nữa để thoát.',
  shiftExpired: 'Đã hủy thoát nhanh.',
  leaving: 'Đang mở trang khác.',
};

const page = document.documentElement;
const original = new Map(); // what chat.html says for each key, kept while another language shows
let english = null;
let current = 'vi';

/** The language in use, 'vi' or 'en'. Kept in memory only. */
export function language() {
  return current;
}

/** The sentence named `key`, with `{n}` replaced. */
export function t(key, n) {
  const text = (current === 'en' && english[key]) || vi[key] || original.get(key) || '';
  return n === undefined ? text : text.replace('{n}', String(n));
}

const PLACES = {
  'data-t': (node, text) => { node.textContent = text; },
  'data-t-label': (node, text) => { node.setAttribute('aria-label', text); },
  'data-t-placeholder': (node, text) => { node.placeholder = text; },
};

function keep() {
  for (const node of document.querySelectorAll('[data-t]')) original.set(node.dataset.t, node.textContent);
  for (const node of document.querySelectorAll('[data-t-label]')) original.set(node.dataset.tLabel, node.getAttribute('aria-label'));
  for (const node of document.querySelectorAll('[data-t-placeholder]')) original.set(node.dataset.tPlaceholder, node.placeholder);
}

/** Switches every marked element: data-t for its text, data-t-label and data-t-placeholder for attributes. */
export async function useLanguage(name) {
  if (!original.size) keep();
  if (name === 'en' && !english) english = (await import('./strings.en.js')).default;
  current = name;
  page.lang = name;
  for (const place of Object.keys(PLACES)) {
    for (const node of document.querySelectorAll('[' + place + ']')) PLACES[place](node, t(node.getAttribute(place)));
  }
}

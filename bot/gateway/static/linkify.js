// Turns plain text into text nodes and a very few links. It never parses HTML: everything else stays text.

// Digits, slashes, dots or commas on either side mean a date, a sum of money or a longer number, not a hotline.
// The long number is consular protection for Vietnamese abroad; any other may be one a citizen quoted.
const TOKEN = /(https:\/\/[^\s<>"'“”]+)|(^|[^\d\w./,+À-ɏḀ-ỿ-])(11[1-5]|\+84 981 84 84 84)(?![\d\wÀ-ɏḀ-ỿ/-]|[.,]\d)/g;
// A whole word after the number: "113 trước" is to be called, "113 tr" is a sum. \b would take ư and đ for the end of a word.
const COUNTED = /^\s*(%|(triệu|tr|nghìn|ngàn|đồng|đ|người|vụ|tỷ|năm|tháng|ngày|trang|km|kg|usd|đô|suất|nạn nhân|trường hợp|people|cases|pages)(?![a-z0-9À-ɏḀ-ỿ]))/i;
const CALLED = /(^|[^a-zÀ-ɏḀ-ỿ])(gọi|nhắn|hỏi|zalo|app|hotline|đường dây nóng|tổng đài|call|dial|ring)(\s+(ngay|cho|tới|đến|vào|thêm|số|zalo))?\s*$/i;
const NAMED = /(^|[^a-zÀ-ɏḀ-ỿ])(điều|khoản|mục|số nhà|phòng|quyết định|nghị định|thông tư|chương|article|room)\s*$/i;

/** True if `host` is one of `hosts` or below one: a link quoted from a dangerous offer must never become clickable. */
function trusted(host, hosts) {
  return hosts.some((known) => host === known || host.endsWith('.' + known));
}

function webLink(raw, hosts) {
  const address = raw.replace(/[.,;:!?)\]…]+$/, '');
  let url;
  try {
    url = new URL(address);
  } catch (error) {
    return null;
  }
  if (url.protocol !== 'https:' || url.username || url.password || !trusted(url.hostname, hosts)) return null;
  const link = document.createElement('a');
  link.href = url.href;
  link.target = '_blank';
  link.rel = 'noopener noreferrer nofollow';
  link.textContent = address;
  return { link, length: address.length };
}

function phoneLink(number) {
  const link = document.createElement('a');
  link.href = 'tel:' + number.replace(/ /g, '');
  link.className = 'tel';
  link.textContent = number;
  return link;
}

/** A fragment for `text`: emergency numbers become tel: links, https addresses of `hosts` become links. */
export function linkify(text, hosts) {
  TOKEN.lastIndex = 0;
  const fragment = document.createDocumentFragment();
  let from = 0;
  const upTo = (end) => {
    if (end > from) fragment.append(document.createTextNode(text.slice(from, end)));
  };
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    if (match[1]) {
      const made = webLink(match[1], hosts);
      if (!made) continue;
      upTo(match.index);
      fragment.append(made.link);
      from = match.index + made.length;
      TOKEN.lastIndex = from;
      continue;
    }
    const start = match.index + match[2].length;
    const end = start + match[3].length;
    TOKEN.lastIndex = end; // the character after may also be the one before the next number
    const before = text.slice(Math.max(0, start - 40), start);
    if (NAMED.test(before) || (COUNTED.test(text.slice(end, end + 20)) && !CALLED.test(before))) continue;
    upTo(start);
    fragment.append(phoneLink(match[3]));
    from = end;
  }
  upTo(text.length);
  return fragment;
}

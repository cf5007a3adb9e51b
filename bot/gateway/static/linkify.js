// Turns plain text into text nodes and a very few links. It never parses HTML: everything else stays text.

// Digits, slashes, dots or commas on either side mean a date, a sum of money or a longer number, not a hotline.
// The long number is consular protection for Vietnamese abroad; any other may be one a citizen quoted.
const TOKEN = /(https:\/\/[^\s<>"'“”]+)|(^|[^\d\w./,+-])(11[1-5]|\+84 981 84 84 84)(?![\d\w/-]|[.,]\d)/g;
const COUNTED = /^\s*(triệu|tr\b|nghìn|ngàn|đồng|người|vụ|tỷ|năm|tháng|ngày|trang|km|usd|%|đ\b)/i;
const NAMED = /(điều|khoản|mục|số nhà|phòng|quyết định|chương)\s*$/i;

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
    if (COUNTED.test(text.slice(end)) || NAMED.test(text.slice(0, start))) continue;
    upTo(start);
    fragment.append(phoneLink(match[3]));
    from = end;
  }
  upTo(text.length);
  return fragment;
}

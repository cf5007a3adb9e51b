// Lá Chắn on another site, one line: <script src="https://HOST/static/widget.js" defer></script>
// Optional: data-lang="en", data-side="left". It draws a button; the chat itself is a frame of its own origin, so the
// page around it sees none of the words. The frame is fetched only when someone opens it.
(function () {
  'use strict';

  var script = document.currentScript;
  if (!script || window.lachanWidget) return;
  window.lachanWidget = true;

  var base = new URL(script.src, location.href).origin;
  var english = script.dataset.lang === 'en';
  var side = script.dataset.side === 'left' ? 'left' : 'right';
  var words = english
    ? { open: 'Chat confidentially', label: 'Open the confidential chat of Lá Chắn', close: 'Minimise the chat of Lá Chắn', news: 'New message', frame: 'Lá Chắn: confidential chat' }
    : { open: 'Trò chuyện kín', label: 'Mở trò chuyện kín với Lá Chắn', close: 'Thu nhỏ trò chuyện với Lá Chắn', news: 'Có tin mới', frame: 'Lá Chắn: trò chuyện được giữ bí mật' };

  var CSS = ''
    + ':host{all:initial}'
    + '*{box-sizing:border-box}'
    + 'button{position:fixed;z-index:2147483000;bottom:16px;SIDE:16px;display:flex;align-items:center;min-height:56px;padding:6px 20px 6px 10px;'
    + 'border:2px solid #fff;border-radius:28px;background:#0f4c5c;color:#fff;font:600 16px/1.3 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;'
    + 'cursor:pointer;box-shadow:0 3px 14px rgba(0,0,0,.35)}'
    + 'button:hover{background:#0a3844}'
    + 'button:focus-visible{outline:3px solid #f2a541;outline-offset:3px}'
    + 'button img{width:36px;height:36px;margin-right:10px}'
    + 'button[data-news]::after{content:"";width:12px;height:12px;margin-left:10px;border-radius:50%;background:#f2a541}'
    + 'iframe{position:fixed;z-index:2147483001;bottom:88px;SIDE:16px;width:390px;height:640px;max-width:calc(100vw - 32px);max-height:calc(100vh - 104px);'
    + 'border:0;border-radius:18px;background:#faf7f1;box-shadow:0 8px 40px rgba(0,0,0,.35)}'
    + '[hidden]{display:none!important}'
    + '@media(max-width:520px){iframe{top:0;right:0;bottom:0;left:0;width:100%;height:100%;max-width:none;max-height:none;border-radius:0}}';

  var frame = null;
  var opener = null;
  var exiting = false;

  function styled(root) {
    var css = CSS.replace(/SIDE/g, side);
    try {
      var sheet = new CSSStyleSheet(); // works under the page's own style-src
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [sheet];
    } catch (error) {
      var style = document.createElement('style');
      style.textContent = css;
      root.appendChild(style);
    }
  }

  function tell(what) {
    if (frame) frame.contentWindow.postMessage({ lachan: what }, base);
  }

  function isOpen() {
    return frame !== null && !frame.hidden;
  }

  function show() {
    if (!frame) {
      frame = document.createElement('iframe');
      frame.title = words.frame;
      frame.allow = 'geolocation';
      frame.referrerPolicy = 'no-referrer';
      frame.id = 'lachan-chat';
      frame.addEventListener('load', function () { frame.focus(); tell('open'); });
      frame.src = base + '/?embed=1' + (english ? '&lang=en' : '');
      opener.parentNode.appendChild(frame);
    }
    frame.hidden = false;
    opener.setAttribute('aria-expanded', 'true');
    opener.setAttribute('aria-label', words.close);
    opener.removeAttribute('data-news');
    frame.focus();
    tell('open');
  }

  function hide() {
    if (!isOpen()) return;
    frame.hidden = true;
    opener.setAttribute('aria-expanded', 'false');
    opener.setAttribute('aria-label', words.label);
    opener.focus();
  }

  /** Quick exit: this page goes too, and takes its place in the history. */
  function leave(raw) {
    var url;
    try {
      url = new URL(raw);
    } catch (error) {
      return;
    }
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return;
    exiting = true;
    document.documentElement.style.visibility = 'hidden';
    location.replace(url.href);
  }

  window.addEventListener('message', function (event) {
    if (!frame || event.source !== frame.contentWindow || event.origin !== base || !event.data) return;
    if (event.data.lachan === 'exit') leave(event.data.url);
    if (event.data.lachan === 'close') hide();
    if (event.data.lachan === 'news' && !isOpen()) {
      opener.setAttribute('data-news', '');
      opener.setAttribute('aria-label', words.label + '. ' + words.news);
    }
  });

  // Shift three times works in the page around the open chat as well; the frame ends the session, then sends us away.
  var presses = 0;
  var modified = false;
  var timer = 0;
  document.addEventListener('keyup', function (event) {
    if (!isOpen() || exiting) return;
    if (event.key === 'Shift' && !modified) {
      presses += 1;
      clearTimeout(timer);
      timer = setTimeout(function () { presses = 0; }, 5000);
      if (presses >= 3) tell('leave');
    } else {
      presses = 0;
    }
    modified = event.shiftKey;
  });

  window.addEventListener('pageshow', function (event) {
    if (event.persisted && exiting) location.reload();
  });

  function build() {
    var host = document.createElement('div');
    var root = host.attachShadow({ mode: 'open' });
    styled(root);
    opener = document.createElement('button');
    opener.type = 'button';
    opener.setAttribute('aria-expanded', 'false');
    opener.setAttribute('aria-label', words.label);
    var mark = document.createElement('img');
    mark.src = base + '/static/shield.svg';
    mark.alt = '';
    var text = document.createElement('span');
    text.textContent = words.open;
    opener.append(mark, text);
    opener.addEventListener('click', function () { if (isOpen()) hide(); else show(); });
    root.append(opener);
    document.body.append(host);
  }

  if (document.body) build();
  else document.addEventListener('DOMContentLoaded', build);
})();

// Keeps what was typed until the server has said it is safe. Every edit lies in the browser's storage under its own
// key before it is sent; it is sent in order, again and again with the same key, until an answer comes. Two windows may
// send the same edit: the server enters it once.
(function () {
  'use strict';
  const memory = new Map();

  function write(key, value) {
    memory.set(key, value);
    try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or closed: kept in memory */ }
  }

  function erase(key) {
    memory.delete(key);
    try { localStorage.removeItem(key); } catch { /* as above */ }
  }

  function read(prefix) {
    const found = new Map(memory);
    try {
      for (let i = 0; i < localStorage.length; i += 1) {
        const key = localStorage.key(i);
        if (key.startsWith(prefix) && !found.has(key)) found.set(key, JSON.parse(localStorage.getItem(key)));
      }
    } catch { /* as above */ }
    return [...found].filter(function (pair) { return pair[0].startsWith(prefix); }).sort(function (a, b) { return a[0] < b[0] ? -1 : 1; });
  }

  function token() {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, '0'); }).join('');
  }

  function block(item) {
    const cells = item.cells.map(function (cell) {
      const parts = cell.key.split(':');
      return { piece: Number(parts[0]), aspect: parts[1], judge: parts[2], attempt: Number(parts[3]), text: cell.text, seen_version: cell.seen_version };
    });
    return { path: '/cells', body: { sending: item.sending, reason: item.reason || '', cells: cells } };
  }

  // options: prefix, url, answered(item, body), refused(item, message), moved() when the queue or the line changes,
  // request(item) → {path, body} where items are more than blocks of cells
  function outbox(options) {
    const prefix = options.prefix + 'out:';
    let count = 0;
    let busy = false;
    let wait = 1000;
    let timer = 0;
    const line = { state: 'up', sending: false };

    function items() { return read(prefix).map(function (pair) { return pair[1]; }); }

    // Later than everything that waits, even when the clock of the device was set back.
    function put(item) {
      count += 1;
      const newest = items().reduce(function (most, one) { return Math.max(most, Number(one.name.slice(prefix.length, prefix.length + 15)) || 0); }, 0);
      const name = prefix + String(Math.max(Date.now(), newest + 1)).padStart(15, '0') + String(count).padStart(6, '0') + token();
      write(name, Object.assign({ name: name, sending: token() }, item));
      flush();
    }

    function add(cells, reason) { put({ reason: reason, cells: cells }); }

    // What a later edit of the same cell was typed over is now the version just saved.
    function rebase(item, answers) {
      if (!item.cells || !answers) return;
      answers.forEach(function (answer) {
        if (answer.outcome !== 'saved' && answer.outcome !== 'same') return;
        const sent = item.cells.find(function (cell) { return cell.key === answer.key; });
        items().forEach(function (later) {
          if (later.name <= item.name || !later.cells) return;
          later.cells.forEach(function (cell) {
            if (cell.key === answer.key && cell.seen_version === sent.seen_version) {
              cell.seen_version = answer.version;
              write(later.name, later);
            }
          });
        });
      });
    }

    async function send(item) {
      const request = (options.request || block)(item);
      const answer = await fetch(options.url + request.path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(request.body),
        signal: AbortSignal.timeout(20000),
      });
      const body = await answer.json().catch(function () { return {}; });
      return { status: answer.status, body: body };
    }

    function state(next) {
      if (line.state === next) return;
      line.state = next;
      options.moved();
    }

    function later() {
      clearTimeout(timer);
      timer = setTimeout(flush, wait);
      wait = Math.min(wait * 2, 15000);
    }

    async function flush() {
      if (busy) return;
      busy = true;
      clearTimeout(timer);
      try {
        for (let list = items(); list.length; list = items()) {
          line.sending = true;
          options.moved();
          const item = list[0];
          const got = await send(item);
          if (got.status === 401) { state('signin'); later(); return; }
          if (got.status === 200) {
            state('up');
            wait = 1000;
            rebase(item, got.body.cells);
            erase(item.name);
            options.answered(item, got.body);
          } else if (got.status >= 500 || got.status === 408 || got.status === 429) {
            state('busy');
            later();
            return;
          } else {
            erase(item.name);
            const errors = (got.body.errors || []).map(function (one) { return one.message; });
            options.refused(item, errors.join('；') || got.body.detail || String(got.status), got.body.code || '');
          }
        }
      } catch {
        state('off');
        later();
      } finally {
        busy = false;
        line.sending = false;
        options.moved();
      }
    }

    window.addEventListener('online', function () { wait = 1000; flush(); });
    window.addEventListener('offline', function () { state('off'); });
    document.addEventListener('visibilitychange', function () { if (!document.hidden && items().length) flush(); });
    return {
      add: add, put: put, items: items, flush: flush, line: line,
      heard: function (up) { if (up && !items().length) state('up'); else if (!up) state('off'); },
    };
  }

  window.saichuangOutbox = { outbox: outbox, write: write, erase: erase, read: read };
})();

// The score grid: one tab stop, keys as in a spreadsheet, every cell shows how its value fares. What is typed goes into
// the outbox at once; what cannot be a mark stays in its cell, struck through, and in the browser's storage.
(function () {
  'use strict';
  const source = document.getElementById('grid-data');
  const table = document.querySelector('table[role=grid]');
  if (!source || !table) return;
  const data = JSON.parse(source.textContent);
  const words = data.words;
  const { read, fill, block, plain } = window.saichuangSheet;
  const store = window.saichuangOutbox;
  const prefix = 'saichuang:' + data.account + ':' + data.url.replace(/^\/en/, '') + ':';
  const POLL = 3000;
  const COLUMN_CELLS = 500;

  const rows = [];
  const cells = new Map();
  let at = { r: 0, c: 0 };
  let edit = null;
  let cursor = data.cursor;
  let lastSaved = '';
  const undo = [];

  table.querySelectorAll('tbody tr[data-piece]').forEach(function (tr, r) {
    const line = { tr: tr, piece: tr.dataset.piece, number: tr.querySelector('th').textContent.trim(), standing: tr.dataset.standing, cells: [], total: tr.querySelector('.tot'), state: tr.querySelector('.rst') };
    tr.querySelectorAll('td[data-key]').forEach(function (td, c) {
      td.querySelectorAll('noscript').forEach(function (one) { one.remove(); });
      const cell = { key: td.dataset.key, td: td, r: r, c: c, version: Number(td.dataset.version), text: td.dataset.text, dispute: data.disputes[td.dataset.key] || null, pending: null, held: null, message: '' };
      line.cells.push(cell);
      cells.set(cell.key, cell);
    });
    line.state.querySelectorAll('noscript').forEach(function (one) { one.remove(); });
    rows.push(line);
  });
  if (!rows.length) return;

  const here = function () { return rows[at.r].cells[at.c]; };
  const columnOf = function (cell) { return data.columns[cell.c]; };
  const reasonField = document.getElementById('reason');

  // ---- how a cell looks

  function stateOf(cell) {
    if (cell.held) return 'oob';
    if (cell.pending) return box.line.state === 'up' ? 'wait' : 'queue';
    if (cell.dispute) return 'diff';
    return cell.text ? 'ok' : 'none';
  }

  function paint(cell) {
    if (edit && edit.cell === cell) return;
    const state = stateOf(cell);
    const text = cell.held ? cell.held.text : cell.pending ? cell.pending.text : cell.text;
    const isBlank = /^[a-z]+$/.test(text) && !cell.held;
    const shown = isBlank ? (text === 'dns' ? words.absent : data.standings[text] || text) : text;
    const note = cell.held ? cell.held.problem : state === 'diff' ? fill(words.other, cell.dispute.offered || words.blank) : '';
    cell.td.className = state + (isBlank ? ' abs' : '') + (cell.td.classList.contains('cur') ? ' cur' : '');
    const value = document.createElement('span');
    value.className = 'v';
    value.textContent = shown;
    cell.td.replaceChildren(value);
    if (note) {
      const small = document.createElement('i');
      small.className = 'd1';
      small.textContent = note;
      cell.td.append(small);
    }
    if (cell.held) cell.td.setAttribute('aria-invalid', 'true'); else cell.td.removeAttribute('aria-invalid');
    const said = { ok: words.saved, wait: words.waiting, queue: words.queued, diff: words.mismatch, oob: words.bad, none: words.empty }[state];
    const column = columnOf(cell);
    cell.td.setAttribute('aria-label', [rows[cell.r].number, column.aspect, (data.english && column.title_en) || column.title, shown, note, said].filter(Boolean).join(data.english ? ', ' : '，'));
  }

  function tag(kind, icon, text) {
    const made = document.createElement('span');
    made.className = 'tag ' + kind;
    if (icon) {
      made.innerHTML = '<svg class="i" aria-hidden="true"><use href="' + data.icons + '#i-' + icon + '"/></svg>';
    }
    made.append(text);
    return made;
  }

  function paintRow(line) {
    const states = line.cells.map(stateOf);
    const asked = line.cells.filter(function (cell) { return columnOf(cell).kind !== 'deduction'; });
    const left = asked.filter(function (cell) { return !cell.text; }).length;
    const wrong = states.filter(function (state) { return state === 'oob' || state === 'diff'; }).length;
    const waiting = states.filter(function (state) { return state === 'queue'; }).length;
    const absent = line.cells.some(function (cell) { return cell.text === 'dns'; });
    let sign;
    if (line.standing) sign = tag('warn', '', data.standings[line.standing]);
    else if (wrong) sign = tag('bad', states.includes('diff') ? 'neq' : 'warn', fill(words.problems, wrong));
    else if (waiting) sign = tag('warn', 'cloud', words.toSync);
    else if (absent) sign = tag('warn', 'user', words.toSign);
    else if (!left) sign = tag('ok', 'check', words.complete);
    else {
      sign = document.createElement('span');
      sign.className = 'mut xs';
      sign.textContent = left === asked.length ? words.notBegun : fill(words.left, left);
    }
    line.state.replaceChildren(sign);
    line.total.classList.toggle('part', left > 0 || wrong > 0);
  }

  const countLine = document.getElementById('count');
  const filledAtLoad = [...cells.values()].filter(countsAsFilled).length;

  function countsAsFilled(cell) { return Boolean(cell.text) && !rows[cell.r].standing; }

  function paintSides() {
    const all = [...cells.values()];
    const counts = { diff: 0, oob: 0, queue: 0, abs: 0 };
    all.forEach(function (cell) { const state = stateOf(cell); if (state in counts) counts[state] += 1; });
    counts.queue = box.items().reduce(function (sum, item) { return sum + item.cells.length; }, 0);
    counts.abs = rows.filter(function (line) { return !line.standing && line.cells.some(function (cell) { return cell.text === 'dns'; }); }).length;
    document.querySelectorAll('#issues [data-go]').forEach(function (link) { link.querySelector('b').textContent = counts[link.dataset.go]; });
    if (countLine) {
      const asked = Number(countLine.dataset.asked);
      const done = Math.min(asked, Number(countLine.dataset.done) + all.filter(countsAsFilled).length - filledAtLoad);
      countLine.textContent = done + '/' + asked;
      const bar = document.getElementById('bar');
      bar.classList.toggle('done', done >= asked && asked > 0);
      bar.setAttribute('aria-valuenow', done);
      bar.firstElementChild.style.width = (asked ? 100 * done / asked : 0) + '%';
    }
    paintLine(counts.queue);
  }

  function paintLine(queue) {
    const net = document.getElementById('net');
    const state = box.line.state;
    const said = { off: words.offline, busy: words.busy, signin: words.signIn }[state];
    net.hidden = state === 'up' && !lastSaved && !queue;
    net.className = 'net ' + (state === 'up' ? 'on' : 'off');
    const detail = state === 'up' ? (queue ? fill(words.sending, queue) : words.synced) : state === 'signin' ? fill(words.signInDo, queue) : fill(words.queue, queue);
    const bold = document.createElement('b');
    bold.textContent = said || '';
    net.firstElementChild.replaceChildren(...(said ? [bold, ' '] : []), detail);
    document.getElementById('last').textContent = lastSaved ? fill(words.last, lastSaved) : '';
  }

  function paintAll(list) {
    (list || [...cells.values()]).forEach(paint);
    (list ? [...new Set(list.map(function (cell) { return rows[cell.r]; }))] : rows).forEach(paintRow);
    paintSides();
  }

  const pane = window.saichuangInspector(document.getElementById('inspector'), { data: data, choose: choose });

  function inspect() {
    const cell = here();
    cell.message = cell.held ? cell.held.message || fill(words.mend, rows[cell.r].number, columnOf(cell).aspect, cell.held.text, cell.held.problem) : '';
    pane.show(cell, rows[cell.r].number, columnOf(cell));
  }

  function notice(text) {
    const p = document.createElement('p');
    p.className = 'bn warn';
    p.textContent = text;
    window.saichuang.notice(p.outerHTML);
  }

  // ---- moving

  function focus(r, c, keep) {
    const before = here();
    before.td.classList.remove('cur');
    before.td.tabIndex = -1;
    table.querySelectorAll('.hot').forEach(function (one) { one.classList.remove('hot'); });
    r = Math.max(0, Math.min(rows.length - 1, r));
    at = { r: r, c: Math.max(0, Math.min(rows[r].cells.length - 1, c)) };
    const cell = here();
    cell.td.classList.add('cur');
    cell.td.tabIndex = 0;
    cell.td.focus({ preventScroll: Boolean(keep) });
    rows[r].tr.querySelector('th').classList.add('hot');
    table.querySelectorAll('.heads th')[at.c + 1].classList.add('hot');
    inspect();
  }

  function goTo(cell) { if (cell) focus(cell.r, cell.c); }

  function nextProblem() {
    const all = [...cells.values()].filter(function (cell) { return /^(oob|diff)$/.test(stateOf(cell)); });
    goTo(all.find(function (cell) { return cell.r > at.r || (cell.r === at.r && cell.c > at.c); }) || all[0]);
  }

  // ---- typing

  function begin(seed) {
    const cell = here();
    if (!data.editable || edit) return;
    const input = document.createElement('input');
    input.inputMode = 'decimal';
    input.autocomplete = 'off';
    input.value = seed === null ? (cell.held ? cell.held.text : cell.pending ? cell.pending.text : cell.text) : seed;
    input.setAttribute('aria-label', cell.td.getAttribute('aria-label'));
    edit = { cell: cell, input: input, seen: seenOf(cell) };
    cell.td.append(input);
    input.focus();
    if (seed === null) input.select();
    input.addEventListener('input', function () { store.write(prefix + 'draft', { key: cell.key, text: input.value }); });
    input.addEventListener('blur', function () { if (edit && edit.input === input) commit(); });
  }

  function seenOf(cell) { return cell.pending ? cell.pending.seen : cell.version; }

  function end() {
    const done = edit;
    edit = null;
    store.erase(prefix + 'draft');
    done.input.remove();
    return done;
  }

  function cancel() {
    const done = end();
    paint(done.cell);
    done.cell.td.focus();
  }

  function commit() {
    const done = end();
    enter([{ cell: done.cell, text: done.input.value, seen: done.seen }]);
  }

  // Values for cells, from the keyboard or a block. The good ones leave together; the others stay in their cells.
  function enter(values, isUndo) {
    const good = [];
    const before = [];
    if (data.needsReason && reasonField && !reasonField.value.trim()) {
      values.forEach(function (one) { hold(one.cell, one.text, words.needReason); });
      reasonField.focus();
      notice(words.needReason);
    } else {
      values.forEach(function (one) {
        const cell = one.cell;
        const standing = cell.pending ? cell.pending.text : cell.text;
        const got = read(one.text, columnOf(cell), words);
        if (got.problem) { hold(cell, got.text, got.problem); return; }
        release(cell);
        if (got.text === standing) return;
        before.push({ cell: cell, text: standing });
        cell.pending = { text: got.text, seen: one.seen };
        good.push({ key: cell.key, text: got.text, seen_version: one.seen });
      });
    }
    if (before.length && !isUndo) undo.push(before);
    for (let first = 0; first < good.length; first += COLUMN_CELLS) {
      box.add(good.slice(first, first + COLUMN_CELLS), reasonField ? reasonField.value.trim() : '');
    }
    paintAll(values.map(function (one) { return one.cell; }));
    inspect();
  }

  function hold(cell, text, problem, message) {
    cell.held = { text: text, problem: problem, message: message || '' };
    store.write(prefix + 'held:' + cell.key, cell.held);
  }

  function release(cell) {
    if (!cell.held) return;
    cell.held = null;
    store.erase(prefix + 'held:' + cell.key);
  }

  function undoLast() {
    const last = undo.pop();
    if (!last) return;
    goTo(last[0].cell);
    enter(last.map(function (one) { return { cell: one.cell, text: one.text, seen: seenOf(one.cell) }; }), true);
  }

  function paste(text) {
    const lines = block(text);
    const values = [];
    let outside = 0;
    lines.forEach(function (line, r) {
      line.forEach(function (part, c) {
        const target = rows[at.r + r] && rows[at.r + r].cells[at.c + c];
        if (part.trim() === '') return;
        if (target) values.push({ cell: target, text: part, seen: seenOf(target) });
        else outside += 1;
      });
    });
    enter(values);
    notice(fill(words.pasted, values.length) + (outside ? ' ' + fill(words.pastedOut, outside) : ''));
  }

  // ---- what the server says

  const box = store.outbox({
    prefix: prefix,
    url: data.url,
    moved: function () { paintAll(); },
    answered: function (item, body) {
      body.cells.forEach(function (answer) {
        const cell = cells.get(answer.key);
        if (!cell) return;
        if (answer.outcome === 'invalid') {
          const message = answer.findings.map(function (one) { return one.message; }).join(' ');
          hold(cell, answer.text, words.bad, message);
        } else if (answer.version >= cell.version) {
          cell.version = answer.version;
          cell.text = answer.text;
        }
        if (answer.outcome === 'conflict') cell.dispute = { id: answer.dispute, key: answer.key, offered: answer.offered, by: answer.offered_by, at: '' };
      });
      totals(body.totals);
      lastSaved = new Date().toLocaleTimeString('en-GB', { timeZone: 'Asia/Shanghai' });
      settlePending();
    },
    refused: function (item, message) {
      item.cells.forEach(function (sent) {
        const cell = cells.get(sent.key);
        if (cell) hold(cell, sent.text, words.bad, fill(words.refused, message));
      });
      settlePending();
      notice(fill(words.refused, message));
    },
  });

  // A cell waits for exactly what still lies in the outbox.
  function settlePending() {
    cells.forEach(function (cell) { cell.pending = null; });
    box.items().forEach(function (item) {
      item.cells.forEach(function (sent) {
        const cell = cells.get(sent.key);
        if (cell) cell.pending = { text: sent.text, seen: sent.seen_version };
      });
    });
    paintAll();
    inspect();
  }

  function totals(found) {
    rows.forEach(function (line) { if (line.piece in found) line.total.textContent = found[line.piece]; });
  }

  async function choose(cell, keep) {
    if (!cell.dispute || !data.editable) return;
    try {
      const answer = await fetch(data.settle + cell.dispute.id, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ keep: keep, reason: reasonField ? reasonField.value.trim() : '' }),
      });
      const body = await answer.json();
      if (!answer.ok) notice(body.detail); else { cell.dispute = null; cell.version = body.version; cell.text = body.text; }
    } catch {
      notice(words.offline);
    }
    await poll();
    paintAll([cell]);
    inspect();
    cell.td.focus();
  }

  async function poll() {
    let body;
    try {
      const answer = await fetch(data.url + '/moved?since=' + cursor, { signal: AbortSignal.timeout(10000) });
      if (!answer.ok) return;
      body = await answer.json();
    } catch {
      box.heard(false);
      return;
    }
    box.heard(true);
    delete document.documentElement.dataset.kept;
    cursor = body.cursor;
    const disputes = new Map(body.disputes.map(function (one) { return [one.key, one]; }));
    const changed = new Set();
    body.cells.forEach(function (one) {
      const cell = cells.get(one.key);
      if (!cell || one.version <= cell.version) return;
      cell.version = one.version;
      cell.text = one.text;
      changed.add(cell);
    });
    cells.forEach(function (cell) {
      const now = disputes.get(cell.key) || null;
      if ((now && now.id) !== (cell.dispute && cell.dispute.id)) changed.add(cell);
      cell.dispute = now;
    });
    rows.forEach(function (line) {
      const now = body.standings[line.piece] || '';
      if (now !== line.standing) { line.standing = now; line.cells.forEach(function (cell) { changed.add(cell); }); }
    });
    totals(body.totals);
    if (changed.size) {
      paintAll([...changed]);
      if (changed.has(here()) && !edit) inspect();
    }
    if (body.state !== data.state) { data.state = body.state; notice(words.changedState); }
  }

  // ---- keys

  const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  function editingKey(event) {
    const key = event.key;
    if (event.isComposing) return false;
    if (key === 'Escape') cancel();
    else if (key === 'Enter' || key === 'ArrowUp' || key === 'ArrowDown') {
      const up = key === 'ArrowUp' || (key === 'Enter' && event.shiftKey);
      commit();
      focus(at.r + (up ? -1 : 1), at.c);
    } else if (key === 'Tab') {
      commit();
      focus(at.r, at.c + (event.shiftKey ? -1 : 1));
    } else if (event.ctrlKey && key.toLowerCase() === 's') { commit(); here().td.focus(); box.flush(); }
    else return false;
    return true;
  }

  const COMMANDS = {
    F2: function () { begin(null); },
    F8: nextProblem,
    '/': function () { document.getElementById('jump').focus(); },
    '?': showKeys,
    Delete: function () { clear(''); },
    Backspace: function () { clear(''); },
    q: function () { clear('dns'); },
    Q: function () { clear('dns'); },
    Process: function () { begin(''); },
  };

  function clear(text) { if (data.editable) enter([{ cell: here(), text: text, seen: seenOf(here()) }]); }

  function movingKey(event) {
    const key = event.key;
    const control = event.ctrlKey || event.metaKey;
    if (event.altKey && (key === '1' || key === '2')) { choose(here(), key === '1' ? 'first' : 'second'); return true; }
    if (control && key.toLowerCase() === 'z') { undoLast(); return true; }
    if (control && key.toLowerCase() === 's') { box.flush(); return true; }
    if (key === 'Home') { focus(control ? 0 : at.r, 0); return true; }
    if (key === 'End') { focus(control ? rows.length - 1 : at.r, Infinity); return true; }
    if (control || event.altKey) return false;
    if (MOVES[key]) focus(at.r + MOVES[key][0], at.c + MOVES[key][1]);
    else if (key === 'Enter') focus(at.r + (event.shiftKey ? -1 : 1), at.c);
    else if (COMMANDS[key]) COMMANDS[key]();
    else if (/^[0-9０-９.。-]$/.test(key)) begin(plain(key));
    else return false;
    return true;
  }

  function showKeys() { document.getElementById('keys').showModal(); }

  table.addEventListener('keydown', function (event) {
    if (edit ? editingKey(event) : movingKey(event)) event.preventDefault();
  });
  table.addEventListener('paste', function (event) {
    const text = event.clipboardData.getData('text');
    if (!data.editable || (edit && !/[\t\n]/.test(text.trim()))) return;
    event.preventDefault();
    if (edit) cancel();
    paste(text);
  });
  table.addEventListener('click', function (event) {
    const td = event.target.closest('td[data-key]');
    if (td && !(edit && edit.cell.td === td)) goTo(cells.get(td.dataset.key));
  });
  table.addEventListener('dblclick', function (event) { if (event.target.closest('td[data-key]')) begin(null); });
  document.addEventListener('keydown', function (event) {
    if (event.ctrlKey && event.key.toLowerCase() === 's') { event.preventDefault(); box.flush(); }
    else if (event.target === document.body && (event.key === '?' || event.key === '/')) { event.preventDefault(); COMMANDS[event.key](); }
  });
  document.querySelector('[data-keys]').addEventListener('click', showKeys);
  document.getElementById('keys').addEventListener('close', function () { here().td.focus(); });
  document.querySelectorAll('#issues [data-go]').forEach(function (link) {
    link.addEventListener('click', function (event) {
      event.preventDefault();
      goTo([...cells.values()].find(function (cell) {
        return link.dataset.go === 'abs' ? cell.text === 'dns' && !rows[cell.r].standing : link.dataset.go === 'queue' ? cell.pending : stateOf(cell) === link.dataset.go;
      }));
    });
  });
  document.querySelector('.jumpform').addEventListener('submit', function (event) {
    const field = document.getElementById('jump');
    const wanted = simple(field.value);
    const found = wanted && (rows.find(function (line) { return simple(line.number) === wanted; }) || rows.find(function (line) { return simple(line.number).endsWith(wanted); }));
    if (!found && data.pages > 1) return;
    event.preventDefault();
    if (found) { field.value = ''; focus(rows.indexOf(found), at.c); } else notice(fill(words.notFound, field.value));
  });
  document.getElementById('jump').addEventListener('keydown', function (event) { if (event.key === 'Escape') here().td.focus(); });

  function simple(number) { return number.normalize('NFKC').toUpperCase().replace(/[^0-9A-Z一-鿿]/g, ''); }

  // ---- at load: what an earlier page could not bring home

  store.read(prefix + 'held:').forEach(function (pair) {
    const cell = cells.get(pair[0].slice((prefix + 'held:').length));
    if (cell) cell.held = pair[1];
  });
  const wanted = new URLSearchParams(location.search).get('find');
  const start = wanted ? rows.findIndex(function (line) { return simple(line.number) === simple(wanted); }) : 0;
  at = { r: Math.max(0, start), c: 0 };
  settlePending();
  focus(at.r, at.c, start <= 0);
  const draft = store.read(prefix + 'draft')[0];
  if (draft && cells.has(draft[1].key)) {
    goTo(cells.get(draft[1].key));
    begin(draft[1].text);
  }
  box.flush();
  setInterval(function () { if (!document.hidden) poll(); }, POLL);
})();

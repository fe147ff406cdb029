// The judge's form: every tap is a draft in the outbox, sent in order when the site can be reached. What the judge sees
// is what was tapped; what the site holds otherwise is shown, never put over it.
(function () {
  'use strict';
  const source = document.getElementById('seat-data');
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const words = JSON.parse(document.getElementById('seat-words').textContent);
  const store = window.saichuangOutbox;
  const sheet = document.getElementById('sheet');
  const mine = sheet ? JSON.parse(document.getElementById('sheet-data').textContent) : null;
  const fields = new Map();
  const POLL = 5000;
  let lastSaved = '';
  let movingOn = false;

  function fill(text, ...facts) { return text.replace(/\{(\d)\}/g, function (_, n) { return facts[Number(n)]; }); }

  // ---- what waits

  const box = store.outbox({
    prefix: data.prefix,
    url: data.api,
    request: function (item) {
      if (item.kind === 'hand-in') return { path: '/pieces/' + item.piece + '/hand-in', body: { sending: item.sending, stage: item.stage, shown: item.shown } };
      if (item.kind === 'recuse') return { path: '/pieces/' + item.piece + '/recuse', body: { sending: item.sending, reason: item.reason } };
      const cells = item.cells.map(function (cell) {
        const parts = cell.key.split(':');
        return { piece: Number(parts[0]), aspect: parts[1], attempt: Number(parts[3]), text: cell.text, seen_version: cell.seen_version };
      });
      return { path: '/cells', body: { sending: item.sending, stage: item.stage, reason: item.reason || '', cells: cells } };
    },
    moved: paintLine,
    answered: function (item, body) {
      lastSaved = new Date().toTimeString().slice(0, 8);
      (body.cells || []).forEach(function (answer) { settled(answer); });
      if (item.kind && mine && item.piece === mine.piece) onward(item.kind);
      paint();
    },
    refused: function (item, message) {
      (item.cells || []).forEach(function (cell) { hold(cell.key, cell.text, message); });
      if (item.kind) store.write(data.prefix + 'told:' + item.piece, { piece: item.piece, kind: item.kind, message: message });
      paint();
    },
  });

  function hold(key, text, message) { store.write(data.prefix + 'held:' + key, { text: text, message: message }); }

  function heldOf(key) {
    const found = store.read(data.prefix + 'held:' + key).find(function (pair) { return pair[0] === data.prefix + 'held:' + key; });
    return found ? found[1] : null;
  }

  function settled(answer) {
    const field = fields.get(answer.key);
    if (answer.outcome === 'invalid') { hold(answer.key, answer.text, answer.findings.map(function (one) { return one.message; }).join(' ')); return; }
    store.erase(data.prefix + 'held:' + answer.key);
    if (field && answer.version >= field.version) { field.version = answer.version; field.text = answer.text; }
    if (answer.outcome === 'conflict' && mine && String(mine.piece) === answer.key.split(':')[0]) location.reload();
  }

  function waitingFor(key) {
    return box.items().reduce(function (last, item) {
      return (item.cells || []).reduce(function (found, cell) { return cell.key === key ? cell : found; }, last);
    }, null);
  }

  function actFor(piece) {
    return box.items().find(function (item) { return item.kind && item.piece === piece; }) || null;
  }

  function onward(kind) {
    movingOn = true;
    const next = document.querySelector('.jfoot a:last-of-type');
    if (kind === 'hand-in' && next && !document.hidden) { location.assign(next.href + (next.href.includes('?') ? '&' : '?') + 'done=done.sheet_handed_in'); return; }
    location.reload();
  }

  // ---- the line

  function paintLine() {
    const net = document.getElementById('net');
    if (!net) return;
    const queue = box.items().length;
    const state = box.line.state;
    net.hidden = false;
    net.className = 'net ' + (state === 'up' && !queue ? 'on' : state === 'up' ? '' : 'off');
    const parts = [];
    if (state === 'signin') parts.push(fill(words.signin, queue));
    else {
      parts.push(state === 'off' ? words.offline : state === 'busy' ? words.busy : words.online);
      if (queue) parts.push(fill(state === 'up' ? words.sending : words.queue, queue));
      else if (lastSaved && state === 'up') parts.push(fill(words.saved, lastSaved));
    }
    net.textContent = parts.join(' · ');
    net.dataset.queue = queue;
    paintList();
  }

  function paintList() {
    document.querySelectorAll('#pieces a[data-piece]').forEach(function (link) {
      const piece = Number(link.dataset.piece);
      const act = actFor(piece);
      const cells = box.items().reduce(function (sum, item) {
        return sum + (item.cells || []).filter(function (cell) { return Number(cell.key.split(':')[0]) === piece; }).length;
      }, 0);
      const held = store.read(data.prefix + 'held:' + piece + ':').length + store.read(data.prefix + 'told:').filter(function (pair) { return pair[1].piece === piece; }).length;
      const line = link.querySelector('.jl-wait');
      line.hidden = !act && !cells && !held;
      line.textContent = held ? '!' : act ? (act.kind === 'recuse' ? words.recusing : words.handing) : fill(words.queue, cells);
    });
  }

  // ---- the form

  function decimal(scaled, places) {
    const sign = scaled < 0 ? '-' : '';
    const digits = String(Math.abs(scaled)).padStart(5, '0');
    let part = digits.slice(-4);
    while (part.length > places && part.endsWith('0')) part = part.slice(0, -1);
    return sign + digits.slice(0, -4) + (part ? '.' + part : '');
  }

  function short(scaled) { return decimal(scaled, 0); }

  function scaledOf(text) {
    const parts = /^([+-]?)(\d{0,9})(?:\.(\d{0,4}))?$/.exec(text);
    if (!parts || (!parts[2] && !parts[3])) return null;
    const size = Number(parts[2] || 0) * 10000 + Number((parts[3] || '').padEnd(4, '0'));
    return parts[1] === '-' ? -size : size;
  }

  function read(field, typed) {
    const text = typed.normalize('NFKC').replace(/。/g, '.').trim();
    if (text === '' || /^[a-z]+$/.test(text)) return { text: text };
    const value = scaledOf(text);
    if (value === null) return { text: text, problem: words.notNumber };
    if (field.maximum !== null && value > field.maximum) return { text: text, problem: fill(words.upTo, short(field.maximum)) };
    if (field.minimum !== null && value < field.minimum) return { text: text, problem: fill(words.from, short(field.minimum)) };
    if ((value - (field.minimum || 0)) % field.step !== 0) return { text: text, problem: fill(words.step, short(field.step)) };
    return { text: decimal(value, field.places) };
  }

  function chosen(field) {
    const blank = [...field.blanks].find(function (one) { return one.checked && one.value; });
    if (blank) return blank.value;
    if (field.radios.length) { const one = [...field.radios].find(function (radio) { return radio.checked; }); return one ? one.value : ''; }
    if (field.check) return field.check.checked ? '1' : '';
    return field.input ? field.input.value : '';
  }

  function show(field, text) {
    const isBlank = /^[a-z]+$/.test(text);
    field.blanks.forEach(function (one) { one.checked = isBlank ? one.value === text : one.value === ''; });
    field.radios.forEach(function (one) { one.checked = !isBlank && one.value === text; });
    if (field.check) field.check.checked = !isBlank && text !== '' && scaledOf(text) !== 0;
    if (field.input && document.activeElement !== field.input) field.input.value = isBlank ? '' : text;
  }

  function current(field) {
    const waits = waitingFor(field.key);
    return waits ? waits.text : field.text;
  }

  function seen(field) {
    const waits = waitingFor(field.key);
    return waits ? waits.seen_version : field.version;
  }

  function problem(field, text) {
    field.err.hidden = !text;
    field.err.textContent = text || '';
    field.set.classList.toggle('flag', Boolean(text));
  }

  function enter(field, typed) {
    const got = read(field, typed);
    store.erase(data.prefix + 'held:' + field.key);
    if (got.problem) { hold(field.key, got.text, got.problem); paint(); return; }
    const reason = field.reason ? field.reason.value.trim() : '';
    const nonzero = got.text !== '' && scaledOf(got.text) !== 0;
    if (field.reason && nonzero && !reason) { hold(field.key, got.text, words.needReason); paint(); field.reason.focus(); return; }
    if (got.text === current(field) && reason === field.said) { paint(); return; }
    field.said = reason;
    box.put({ stage: mine.stage, reason: reason, cells: [{ key: field.key, text: got.text, seen_version: seen(field) }] });
    paint();
  }

  function paint() {
    paintLine();
    if (!sheet) return;
    const act = actFor(mine.piece);
    let left = 0;
    const done = new Set();
    fields.forEach(function (field) {
      const held = heldOf(field.key);
      const text = held ? held.text : current(field);
      if (document.activeElement !== field.input) show(field, text);
      if (held && field.input) field.input.value = held.text;
      problem(field, held ? held.message : '');
      field.set.classList.toggle('isset', Boolean(text) && !held);
      field.set.classList.toggle('waits', Boolean(waitingFor(field.key)));
      if (text && !held) done.add(field.aspect);
      const mark = document.querySelector('.jprog [data-for="' + CSS.escape(field.key) + '"]');
      if (mark) mark.className = held ? 'w' : text ? 'd' : '';
    });
    const asked = new Set([...fields.values()].filter(function (field) { return field.kind !== 'deduction'; }).map(function (field) { return field.aspect; }));
    asked.forEach(function (aspect) { if (!done.has(aspect)) left += 1; });
    const line = document.getElementById('left');
    left += [...fields.values()].filter(function (field) { return field.kind === 'deduction' && heldOf(field.key); }).length;
    if (line) line.textContent = !mine.editable ? '' : act ? (act.kind === 'recuse' ? words.recusing : words.handing) : left ? fill(words.left, left) : words.full;
    const button = document.querySelector('[data-hand-in]');
    if (button) { button.setAttribute('aria-disabled', String(left > 0 || Boolean(act))); button.dataset.left = left; }
    if (act) document.querySelectorAll('#marks input, #marks button, .jrecuse input, .jrecuse button').forEach(function (one) { one.disabled = true; });
    notes();
  }

  // What was refused while the judge was on another piece waits on the piece it is about.
  function notes() {
    const told = store.read(data.prefix + 'told:').find(function (pair) { return pair[1].piece === mine.piece; });
    const place = document.getElementById('told');
    if (!told) { if (place) place.remove(); return; }
    if (place) return;
    const p = document.createElement('p');
    p.id = 'told';
    p.className = 'bn bad';
    p.setAttribute('role', 'alert');
    p.textContent = fill(words.refused, told[1].message);
    document.getElementById('judge-notes').append(p);
    document.querySelectorAll('#marks input, #marks button').forEach(function (one) { if (mine.editable) one.disabled = false; });
  }

  function numberOrNull(text) { return text === '' ? null : Number(text); }

  function bind(set) {
    const field = {
      set: set, key: set.dataset.key, kind: set.dataset.kind, aspect: set.dataset.key.split(':')[1],
      version: Number(set.dataset.version), text: set.dataset.text,
      minimum: numberOrNull(set.dataset.minimum), maximum: numberOrNull(set.dataset.maximum), step: Number(set.dataset.step), places: Number(set.dataset.places),
      radios: set.querySelectorAll('.scale input'), blanks: set.querySelectorAll('.blanks input'), check: set.querySelector('input[type=checkbox]'),
      input: set.querySelector('.stepper input'), reason: set.querySelector('.note input'), err: set.querySelector('.err'),
    };
    field.said = field.reason ? field.reason.value.trim() : '';
    fields.set(field.key, field);
    if (set.querySelector('input:disabled')) return;
    set.addEventListener('change', function (event) {
      const to = event.target;
      if (to === field.reason && !chosen(field)) return;
      if ([...field.radios].includes(to) || to === field.input) field.blanks.forEach(function (one) { one.checked = one.value === ''; });
      enter(field, chosen(field));
    });
    set.querySelectorAll('[data-by]').forEach(function (button) {
      button.addEventListener('click', function () {
        const now = scaledOf(field.input.value);
        const by = Number(button.dataset.by) * (field.kind === 'measurement' || field.step >= 10000 ? field.step : Math.max(field.step, 10000));
        const to = now === null ? (field.minimum || 0) + (by > 0 ? by : 0) : now + by;
        const low = field.minimum === null ? to : Math.max(field.minimum, to);
        const high = field.maximum === null ? low : Math.min(field.maximum, low);
        field.input.value = decimal(high, field.places);
        enter(field, field.input.value);
      });
    });
  }

  function handIn(event) {
    event.preventDefault();
    const button = event.currentTarget;
    if (button.getAttribute('aria-disabled') === 'true') {
      const all = [...fields.values()];
      const open = all.find(function (field) { return heldOf(field.key); }) || all.find(function (field) { return field.kind !== 'deduction' && !current(field); });
      if (open && open.reason && !open.reason.value.trim()) open.reason.focus();
      else if (open) { open.set.scrollIntoView({ block: 'center' }); const first = open.set.querySelector('.stepper input, .scale input, .check input'); if (first) first.focus(); }
      return;
    }
    if (!confirm(words.sure)) return;
    const shown = {};
    fields.forEach(function (field) { const text = current(field); if (text) shown[field.aspect + ':' + field.key.split(':')[3]] = text; });
    store.erase(data.prefix + 'told:' + mine.piece);
    box.put({ kind: 'hand-in', piece: mine.piece, stage: mine.stage, shown: shown });
    paint();
  }

  // ---- the watch

  function watch() {
    const place = document.getElementById('timer');
    const name = data.prefix + 'timer';
    const time = place.querySelector('[data-time]');
    const toggle = place.querySelector('[data-timer=toggle]');
    const to = document.getElementById('timer-to');
    const known = store.read(name)[0];
    let now = known && known[1].piece === mine.piece ? known[1] : { piece: mine.piece, since: 0, spent: 0, to: '' };
    place.hidden = !mine.editable;
    if (fields.has(now.to)) to.value = now.to;
    function spent() { return now.spent + (now.since ? Date.now() - now.since : 0); }
    function draw() { time.textContent = (spent() / 1000).toFixed(1); toggle.querySelector('span').textContent = now.since ? words.stop : words.start; }
    function save() { store.write(name, now); draw(); }
    toggle.addEventListener('click', function () {
      if (!now.since) { now.since = Date.now(); now.to = to.value; save(); return; }
      now = { piece: mine.piece, since: 0, spent: spent(), to: to.value };
      save();
      const field = fields.get(to.value);
      if (!field || !field.input || field.input.disabled) return;
      const value = Math.round(now.spent * 10 / field.step) * field.step;
      field.input.value = decimal(value, field.places);
      enter(field, field.input.value);
    });
    place.querySelector('[data-timer=reset]').addEventListener('click', function () { now = { piece: mine.piece, since: 0, spent: 0, to: to.value }; save(); });
    setInterval(function () { if (now.since) draw(); }, 100);
    draw();
  }

  // ---- what others moved: the own other device, the chief referee

  async function poll() {
    let body;
    try {
      const answer = await fetch(data.api + '/pieces/' + mine.piece + '/moved?stage=' + encodeURIComponent(mine.stage), { signal: AbortSignal.timeout(10000) });
      if (answer.status === 401) { location.reload(); return; }
      if (!answer.ok) return;
      body = await answer.json();
    } catch {
      box.heard(false);
      paintLine();
      return;
    }
    box.heard(true);
    if (movingOn) return;
    if (document.documentElement.dataset.kept) { location.reload(); return; }
    if (box.items().length) { paintLine(); return; }
    const shut = ['submitted', 'spread', 'recused', 'out'];
    const signs = JSON.stringify([body.editable, body.spreads, body.reason]);
    if (poll.signs && poll.signs !== signs) { location.reload(); return; }
    poll.signs = signs;
    if (shut.includes(body.state) !== shut.includes(mine.state)) { location.reload(); return; }
    body.cells.forEach(function (cell) {
      const field = fields.get(cell.key);
      if (!field || cell.version <= field.version) return;
      field.version = cell.version;
      field.text = cell.text;
      store.erase(data.prefix + 'held:' + cell.key);
    });
    paint();
  }

  // ---- begin

  const kept = window.saichuangOffline ? window.saichuangOffline.kept() : '';
  if (kept) document.querySelector('.keptnote p').append(' ' + fill(words.kept, new Date(kept).toTimeString().slice(0, 5)));
  if (sheet) {
    document.querySelectorAll('fieldset.aspect[data-key]').forEach(bind);
    const button = document.querySelector('[data-hand-in]');
    if (button) button.addEventListener('click', handIn);
    document.getElementById('marks').addEventListener('submit', function (event) { event.preventDefault(); });
    const aside = document.querySelector('[data-recuse]');
    if (aside) aside.addEventListener('submit', function (event) {
      event.preventDefault();
      const reason = aside.querySelector('[name=reason]').value.trim();
      if (!reason) return;
      box.put({ kind: 'recuse', piece: mine.piece, reason: reason });
      paint();
    });
    watch();
    poll();
    setInterval(function () { if (!document.hidden) poll(); }, POLL);
  }
  const leaving = document.querySelector('[data-leave]');
  if (leaving) leaving.addEventListener('submit', function (event) {
    const queue = box.items().length;
    if (queue && !confirm(fill(words.leave, queue))) { event.preventDefault(); event.stopImmediatePropagation(); }
  });
  paint();
  box.flush();
})();

// Reads what is typed into a cell the way the server will: exact whole numbers of 1/10 000, no fractions. It only
// tells the clerk sooner; the server decides.
(function () {
  'use strict';
  const SCALE = 10000;
  const BLANKS = {
    q: 'dns', '缺考': 'dns', '缺': 'dns', '弃权': 'dns', '未完赛': 'dnf', '取消资格': 'dsq',
    dns: 'dns', dnf: 'dnf', dsq: 'dsq', absent: 'absent', recused: 'recused', void: 'void', pending: '',
  };

  function fill(words, ...facts) {
    return words.replace(/\{(\d)\}/g, function (_, n) { return facts[Number(n)]; });
  }

  function plain(text) { return text.normalize('NFKC').replace(/。/g, '.').trim(); }

  // → the text to send and to show, or the problem in words
  function read(text, column, words) {
    const typed = plain(text);
    if (typed === '') return { text: '' };
    const blank = BLANKS[typed.toLowerCase()];
    if (blank !== undefined) return { text: blank };
    const parts = /^([+-]?)(\d{0,9})(?:\.(\d{0,4}))?$/.exec(typed);
    if (!parts || (!parts[2] && !parts[3])) return { text: text.trim(), problem: words.notNumber };
    const size = Number(parts[2] || 0) * SCALE + Number((parts[3] || '').padEnd(4, '0'));
    const value = parts[1] === '-' ? -size : size;
    if (column.maximum !== null && value > column.maximum) return { text: typed, problem: fill(words.upTo, column.shown_maximum) };
    if (column.minimum !== null && value < column.minimum) return { text: typed, problem: fill(words.from, column.shown_minimum) };
    if ((value - (column.minimum || 0)) % column.step !== 0) return { text: typed, problem: fill(words.stepBad, column.shown_step) };
    return { text: show(value, column.places) };
  }

  function show(value, places) {
    const sign = value < 0 ? '-' : '';
    const digits = String(Math.abs(value)).padStart(5, '0');
    let part = digits.slice(-4);
    while (part.length > places && part.endsWith('0')) part = part.slice(0, -1);
    return sign + digits.slice(0, -4) + (part ? '.' + part : '');
  }

  // A block from a spreadsheet: rows by line, columns by tab.
  function block(text) {
    const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
    return lines.map(function (one) { return one.split('\t'); });
  }

  window.saichuangSheet = { read: read, fill: fill, block: block, plain: plain };
})();

// The pane beside the grid: the current cell, its rule, a choice between two values, everything ever entered in it.
(function () {
  'use strict';
  const fill = window.saichuangSheet.fill;

  function element(name, options, ...children) {
    const made = document.createElement(name);
    Object.assign(made, options || {});
    made.append(...children.filter(function (child) { return child !== null; }));
    return made;
  }

  function named(thing, english, field) { return (english && thing[field + '_en']) || thing[field]; }

  // options: data (of the page), choose(dispute, keep)
  function inspector(pane, options) {
    const data = options.data;
    const words = data.words;
    let shown = '';
    let timer = 0;

    function rule(column) {
      const line = element('p', { className: 'sm' }, named(column, data.english, 'title'));
      const parts = [];
      if (column.judge) parts.push(fill(words.judge, column.judge));
      if (column.attempts > 1) parts.push(fill(words.attempt, column.attempt));
      if (column.shown_maximum) parts.push(fill(words.range, column.shown_minimum || '−', column.shown_maximum));
      parts.push(fill(words.step, column.shown_step));
      line.append(element('span', { className: 'num facts' }, parts.join(' · ')));
      return line;
    }

    function choice(cell) {
      if (!cell.dispute) return null;
      const box = element('div', { className: 'choice' });
      const banner = element('div', { className: 'bn bad sm' }, element('p', {}, element('b', {}, words.conflict), ' ' + words.compare));
      const pair = element('div', { className: 'cmp' });
      [['first', words.first, cell.text, words.keepFirst, 'Alt 1'], ['second', cell.dispute.by + ' ' + cell.dispute.at, cell.dispute.offered, words.keepSecond, 'Alt 2']].forEach(function (one) {
        const button = element('button', { type: 'button', disabled: !data.editable }, element('small', {}, one[1]), element('b', { className: 'num' }, one[2] || words.blank), element('span', {}, one[3] + ' ', element('kbd', {}, one[4])));
        button.addEventListener('click', function () { options.choose(cell, one[0]); });
        pair.append(button);
      });
      box.append(banner, pair);
      return box;
    }

    function log(lines) {
      const list = element('ol', { className: 'log' });
      lines.forEach(function (line) {
        const text = line.text || words.cleared;
        let said = line.kind === 'offer' ? fill(words.offer, text) : line.text ? fill(words.typed, text) : text;
        if (line.kind === 'offer' && line.settlement) said += '（' + (line.settlement === 'second' ? words.taken : words.kept) + '）';
        const item = element('li', { title: line.moment }, element('span', { className: 'num' }, line.at), said + (data.english ? ', ' : '，') + (line.mine ? words.you : line.actor));
        if (line.reason) item.append(element('small', {}, fill(words.why, line.reason)));
        list.append(item);
      });
      return lines.length ? list : element('p', { className: 'sm mut' }, words.noLog);
    }

    async function fetchLog(cell, place) {
      try {
        const answer = await fetch(data.url + '/history?cell=' + encodeURIComponent(cell.key));
        if (answer.ok && place.isConnected) place.replaceChildren(log((await answer.json()).lines));
      } catch { /* offline: the pane shows the rule alone */ }
    }

    function show(cell, number, column) {
      const place = element('div', { className: 'logplace' });
      const anchors = column.anchors.length
        ? [element('h3', {}, words.rule), element('ul', { className: 'crit' }, ...column.anchors.map(function (one) { return element('li', {}, one.value + ' ' + named(one, data.english, 'text')); }))]
        : [];
      const before = shown === cell.key ? pane.querySelector('.logplace') : null;
      if (before) place.append(...before.childNodes);
      pane.replaceChildren(
        element('p', { className: 'xs mut' }, words.current),
        element('h2', { className: 'num' }, number + ' ', element('span', {}, column.aspect)),
        rule(column),
        ...(cell.message ? [element('div', { className: 'bn bad sm' }, element('p', {}, cell.message))] : []),
        ...[choice(cell)].filter(Boolean),
        ...anchors,
        element('h3', {}, words.log), place,
      );
      shown = cell.key;
      clearTimeout(timer);
      timer = setTimeout(function () { fetchLog(cell, place); }, 150);
    }

    return { show: show };
  }

  window.saichuangInspector = inspector;
})();

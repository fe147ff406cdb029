// Draws the figures of a page. A figure is JSON in the page, `{data, layout}`, its colours written var(--token);
// one template of tokens serves both themes. Plotly is fetched when the first figure comes near the window.
(function () {
  'use strict';
  const source = document.currentScript.dataset.plotly;
  const drawn = new WeakMap();
  let library = null;

  const axis = {
    showgrid: false, zeroline: false, showline: true, linecolor: 'var(--line-strong)', linewidth: 1,
    ticks: 'outside', ticklen: 4, tickcolor: 'var(--line-strong)', automargin: true, tickfont: { size: 12 },
    title: { standoff: 8, font: { size: 12.5 } }, fixedrange: true,
  };
  const edge = { line: { width: 1, color: 'var(--surface)' } };
  const scale = ['--seq-0', '--seq-1', '--seq-2', '--seq-4', '--seq-5'].map(function (name, i) {
    return [i / 4, 'var(' + name + ')'];
  });
  const template = {
    layout: {
      font: { family: 'var(--sans)', size: 13, color: 'var(--ink-2)' },
      title: { font: { size: 15, color: 'var(--ink)' }, x: 0, xanchor: 'left' },
      paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
      colorway: ['var(--c1)', 'var(--c2)', 'var(--c3)', 'var(--c4)', 'var(--c5)', 'var(--c6)'],
      colorscale: {
        sequential: scale,
        diverging: [[0, 'var(--div-0)'], [0.25, 'var(--div-1)'], [0.5, 'var(--div-2)'], [0.75, 'var(--div-3)'], [1, 'var(--div-4)']],
      },
      margin: { l: 44, r: 12, t: 12, b: 36, pad: 4 },
      separators: '.,', hovermode: 'closest',
      hoverlabel: { bgcolor: 'var(--ink)', bordercolor: 'var(--ink)', font: { color: 'var(--bg)', size: 13 }, align: 'left' },
      legend: {
        orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom', font: { size: 12.5 },
        itemsizing: 'constant', tracegroupgap: 4,
      },
      xaxis: axis,
      yaxis: Object.assign({}, axis, { showgrid: true, gridcolor: 'var(--line)', gridwidth: 1, showline: false, ticks: '' }),
      polar: {
        bgcolor: 'rgba(0,0,0,0)',
        radialaxis: { gridcolor: 'var(--line)', linecolor: 'var(--line-2)', tickfont: { size: 10.5, color: 'var(--ink-3)' }, angle: 90, tickangle: 90 },
        angularaxis: { gridcolor: 'var(--line)', linecolor: 'var(--line-2)', tickfont: { size: 12.5, color: 'var(--ink)' }, direction: 'clockwise', rotation: 90 },
      },
      geo: { bgcolor: 'rgba(0,0,0,0)', visible: false },
      coloraxis: { colorbar: { thickness: 8, outlinewidth: 0, ticks: 'outside', ticklen: 3, tickfont: { size: 11 } } },
      bargap: 0.28, bargroupgap: 0.06,
      annotationdefaults: { showarrow: false, font: { size: 12.5, color: 'var(--ink)' } },
    },
    data: {
      bar: [{ marker: { line: { width: 0.6, color: 'var(--surface)' } }, textfont: { size: 12 } }],
      scatter: [{ marker: Object.assign({ size: 7 }, edge), line: { width: 2 } }],
      treemap: [{ marker: { line: { width: 2, color: 'var(--surface)' } }, textfont: { size: 13 }, pathbar: { visible: false }, tiling: { pad: 1 } }],
      sunburst: [{ marker: { line: { width: 1, color: 'var(--surface)' } } }],
      heatmap: [{ xgap: 2, ygap: 2, colorscale: scale, colorbar: { thickness: 8, outlinewidth: 0 } }],
      choropleth: [{ colorscale: scale, marker: { line: { width: 0.6, color: 'var(--surface)' } }, colorbar: { thickness: 8, outlinewidth: 0 } }],
      sankey: [{ link: { color: 'var(--line-2)' }, node: { line: { width: 0 }, thickness: 12 } }],
    },
  };

  function resolve(value, styles) {
    if (typeof value === 'string') {
      return value.indexOf('var(--') < 0 ? value : value.replace(/var\((--[\w-]+)\)/g, function (_, name) {
        return styles.getPropertyValue(name).trim();
      });
    }
    if (Array.isArray(value)) return value.map(function (one) { return resolve(one, styles); });
    if (!value || typeof value !== 'object') return value;
    const made = {};
    for (const key in value) made[key] = resolve(value[key], styles);
    return made;
  }

  // On a hall screen a chart grows with everything else.
  function grow(thing, factor) {
    for (const key in thing) {
      if (key === 'x' || key === 'y' || key === 'template') continue;
      if (typeof thing[key] === 'number' && /^(size|width|height|l|r|t|b|xshift)$/.test(key)) thing[key] *= factor;
      else if (thing[key] && typeof thing[key] === 'object') grow(thing[key], factor);
    }
  }

  function draw(place) {
    const text = document.getElementById(place.dataset.figure).textContent;
    const stamp = text + document.documentElement.dataset.theme;
    if (drawn.get(place) === stamp) return;
    drawn.set(place, stamp);
    const figure = resolve(JSON.parse(text), getComputedStyle(place));
    const layout = Object.assign({ autosize: true }, figure.layout);
    layout.template = resolve(template, getComputedStyle(place));
    if (place.clientWidth < 460 && layout.xaxis && !layout.xaxis.tickvals && !layout.xaxis.keep) {
      layout.xaxis = Object.assign({}, layout.xaxis, { tickangle: 0, nticks: 4 });
    }
    if (!layout.margin && figure.data.some(function (trace) { return trace.type === 'scatterpolar'; })) {
      layout.margin = { l: 48, r: 48, t: 32, b: 32 };
    }
    if (place.closest('.big')) {
      const factor = Math.min(innerWidth / 1920, innerHeight / 1080);
      grow(figure.data, factor);
      grow(layout, factor);
      grow(layout.template, factor);
      place.style.height = (layout.height || place.clientHeight * factor) + 'px';
    }
    window.Plotly.react(place, figure.data, layout, {
      displayModeBar: false, responsive: true, staticPlot: 'static' in place.dataset,
      locale: document.documentElement.lang === 'en' ? 'en-US' : 'zh-CN',
    });
    if (!place.classList.contains('ready')) {
      place.on('plotly_click', open);
      place.on('plotly_treemapclick', function (event) { return open(event); });
    }
    place.classList.add('ready');
  }

  // A part of a chart whose customdata is an address of this site leads there: to the rows behind the number.
  function open(event) {
    const href = event.points[0] && event.points[0].customdata;
    if (typeof href !== 'string' || !/^\/(?!\/)/.test(href)) return true;
    window.location.assign(href);
    return false;
  }

  function missing(place) {
    place.dataset.missing = place.dataset.missingWords || '';
    const table = place.closest('.chart') && place.closest('.chart').querySelector('details');
    if (table) table.open = true;
  }

  function fetchPlotly() {
    if (!library) {
      library = new Promise(function (done, failed) {
        const script = document.createElement('script');
        script.src = source;
        script.onload = done;
        script.onerror = failed;
        document.head.append(script);
      });
    }
    return library;
  }

  const near = new IntersectionObserver(function (entries) {
    entries.filter(function (entry) { return entry.isIntersecting; }).forEach(function (entry) {
      near.unobserve(entry.target);
      fetchPlotly().then(function () { draw(entry.target); }, function () { missing(entry.target); });
    });
  }, { rootMargin: '400px' });

  function drawAll() {
    document.querySelectorAll('.plot[data-figure]').forEach(function (place) { near.observe(place); });
  }

  function again() {
    document.querySelectorAll('.plot[data-figure]').forEach(function (place) {
      if (drawn.has(place)) draw(place); else near.observe(place);
    });
  }

  document.addEventListener('saichuang:theme', again);
  document.addEventListener('saichuang:changed', again);
  window.addEventListener('beforeprint', function () {
    document.querySelectorAll('.plot[data-figure]').forEach(function (place) { if (window.Plotly) draw(place); });
  });
  drawAll();
})();

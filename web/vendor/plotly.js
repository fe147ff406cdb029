// The traces this project draws, and no more. A figure of any other trace type draws an empty plot
// without an error, so a new type is added here and in tests/web/test_shell.py.
require('./geo');

const Plotly = require('plotly.js/lib/core');

Plotly.register([
  require('plotly.js/lib/bar'),
  require('plotly.js/lib/box'),
  require('plotly.js/lib/choropleth'),
  require('plotly.js/lib/heatmap'),
  require('plotly.js/lib/histogram'),
  require('plotly.js/lib/sankey'),
  require('plotly.js/lib/scatterpolar'),
  require('plotly.js/lib/sunburst'),
  require('plotly.js/lib/treemap'),
  require('plotly.js/lib/violin'),
  require('plotly.js/lib/locales/zh-cn'),
]);

module.exports = Plotly;

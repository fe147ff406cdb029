// Asks the browser to keep this page and what it is drawn with, so that it opens in a hall without network.
(function () {
  'use strict';
  const worker = navigator.serviceWorker;

  function assets() {
    const found = new Set();
    document.querySelectorAll('script[src], link[rel=stylesheet], link[rel=icon]').forEach(function (one) { found.add(one.src || one.href); });
    document.querySelectorAll('svg use').forEach(function (one) { found.add(new URL(one.getAttribute('href'), location.href).href.split('#')[0]); });
    return [...found].filter(function (url) { return url.startsWith(location.origin + '/static/'); });
  }

  async function keep(pages) {
    if (!worker) return false;
    await worker.register('/service-worker.js');
    const ready = await worker.ready;
    const channel = new MessageChannel();
    const done = new Promise(function (resolve) { channel.port1.onmessage = function () { resolve(true); }; });
    ready.active.postMessage({ assets: assets(), pages: pages }, [channel.port2]);
    return done;
  }

  window.saichuangOffline = { keep: keep, kept: function () { return document.documentElement.dataset.kept || ''; } };
  if (!document.documentElement.dataset.kept) {
    const pages = [...document.querySelectorAll('#pieces a[data-piece]')].map(function (link) { return link.href; });
    keep([location.href.split('#')[0]].concat(pages)).then(function (done) { document.documentElement.dataset.offline = done ? 'ready' : 'none'; }, function () { document.documentElement.dataset.offline = 'none'; });
  }
})();

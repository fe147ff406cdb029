// What every page may do with a script: theme, explanations that open, printing, notices. All works by delegation,
// so that it holds for parts of the page that arrive later.
(function () {
  'use strict';
  const root = document.documentElement;

  function toggleTheme() {
    root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
    try { localStorage.setItem('theme', root.dataset.theme); } catch { /* storage may be closed */ }
    document.dispatchEvent(new CustomEvent('saichuang:theme'));
  }

  function toggleWhy(button) {
    const row = document.getElementById(button.dataset.why);
    if (!row) return;
    const open = button.getAttribute('aria-expanded') !== 'true';
    button.setAttribute('aria-expanded', String(open));
    row.hidden = !open;
  }

  document.addEventListener('click', function (event) {
    const why = event.target.closest('[data-why]');
    if (why) return toggleWhy(why);
    const act = event.target.closest('[data-act]');
    if (act && act.dataset.act === 'theme') return toggleTheme();
    if (act && act.dataset.act === 'print') return window.print();
    if (act && act.dataset.act === 'close') return act.closest('.bn, .toast').remove();
    document.querySelectorAll('details.who-menu[open]').forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // A table wider than its place can be scrolled with the keys, and says what it is; a table that fits is no stop.
  function reachable(place) {
    const wide = place.scrollWidth > place.clientWidth + 1;
    if (wide && !place.hasAttribute('tabindex')) {
      const section = place.closest('section, details, main');
      const title = place.querySelector('caption') || (section && section.querySelector('h1, h2, h3, summary'));
      place.tabIndex = 0;
      place.setAttribute('role', 'region');
      place.setAttribute('aria-label', title ? title.textContent.trim() : document.title);
      place.dataset.reachable = '';
    } else if (!wide && 'reachable' in place.dataset) {
      ['tabindex', 'role', 'aria-label', 'data-reachable'].forEach(function (name) { place.removeAttribute(name); });
    }
  }
  const widths = new ResizeObserver(function (seen) { seen.forEach(function (one) { reachable(one.target); }); });

  // Explanations stand open in the page for readers without a script; with one they wait behind their badge.
  function prepare(within) {
    within.querySelectorAll('[data-act=theme]').forEach(function (button) { button.hidden = false; });
    within.querySelectorAll('[data-why]:not([aria-expanded])').forEach(function (button) {
      const row = document.getElementById(button.dataset.why);
      button.setAttribute('aria-expanded', 'false');
      if (row) row.hidden = true;
    });
    within.querySelectorAll('.tblwrap').forEach(function (place) { widths.observe(place); });
    const summary = within.querySelector('[data-focus]');
    if (summary) summary.focus();
  }

  // Selects and radios marked data-submit send their form at once.
  document.addEventListener('change', function (event) {
    if (!event.target.matches('[data-submit]')) return;
    const form = event.target.form;
    if (form.requestSubmit) form.requestSubmit(); else form.submit();
  });

  // One box for all boxes of that name in its form.
  document.addEventListener('change', function (event) {
    const box = event.target;
    if (!box.matches('[data-act=check-all]')) return;
    box.form.querySelectorAll('input[type=checkbox]').forEach(function (one) {
      if (one.name === box.dataset.of) one.checked = box.checked;
    });
  });

  // A form that is being sent is not sent twice.
  document.addEventListener('submit', function (event) {
    const form = event.target;
    if (form.method !== 'post' || event.defaultPrevented) return;
    if (event.submitter && 'download' in event.submitter.dataset) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = 'yes';
    setTimeout(function () { delete form.dataset.sent; }, 4000);
  });

  // While the answer that renews a form is on its way, what is typed into it would be lost.
  function still(form, stands) {
    form.querySelectorAll('input, textarea').forEach(function (one) { one.readOnly = stands; });
  }
  ['htmx:beforeRequest', 'htmx:afterRequest'].forEach(function (when, after) {
    document.addEventListener(when, function (event) {
      const form = event.detail.target && event.detail.target.closest('form[hx-swap^=morph]');
      if (form && event.detail.target === form) still(form, !after);
    });
  });
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Tab' && event.target.closest && event.target.closest('form.htmx-request')) event.preventDefault();
  }, true);

  document.addEventListener('htmx:beforeSwap', function (event) {
    const status = event.detail.xhr.status;
    if (status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  document.addEventListener('htmx:responseError', function (event) { notice(event.detail.xhr.responseText); });
  document.addEventListener('htmx:afterSettle', function (event) {
    prepare(event.detail.elt);
    document.dispatchEvent(new CustomEvent('saichuang:changed'));
  });

  function notice(html) {
    const place = document.getElementById('notices');
    if (!place) return;
    place.innerHTML = html;
    setTimeout(function () { place.textContent = ''; }, 12000);
  }

  const clock = document.querySelector('[data-clock]');
  if (clock) {
    setInterval(function () { clock.textContent = new Date().toTimeString().slice(0, 8); }, 1000);
  }

  window.saichuang = { notice: notice, prepare: prepare };
  prepare(document);
})();

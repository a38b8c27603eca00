/** Bars and lines, drawn from the table beside them, in the theme's colours. */

import "../vendor/chart.js";

const HUES = ["--accent", "--hue-3", "--hue-2", "--hue-4", "--hue-5", "--hue-6"];
const drawn = new Map();

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function cellValue(cell) {
  const raw = cell.dataset.value ?? cell.textContent.replace(/[^\d.,-]/g, "").replace(",", ".");
  return raw === "" ? null : Number(raw);
}

function dataOf(table) {
  const names = [...table.querySelectorAll("thead th")].slice(1).map((cell) => cell.textContent.trim());
  const rows = [...table.querySelectorAll("tbody tr")];
  return {
    labels: rows.map((row) => row.cells[0].textContent.trim()),
    series: names.map((name, i) => ({ name, values: rows.map((row) => cellValue(row.cells[i + 1])) })),
  };
}

function settings(figure) {
  const { labels, series } = dataOf(figure.querySelector("table"));
  const kind = figure.dataset.chart;
  const quiet = token("--ink-3");
  const font = { family: token("--font"), size: 11 };
  const axis = { ticks: { color: quiet, font }, border: { display: false } };
  // What is counted comes in whole ones, an empty chart included.
  const isCounted = series.every(({ values }) => values.every((value) => Number.isInteger(value ?? 0)));
  return {
    type: kind === "line" ? "line" : "bar",
    data: {
      labels,
      datasets: series.map(({ name, values }, i) => {
        const colour = token(HUES[i % HUES.length]);
        return {
          label: name,
          data: values,
          backgroundColor: colour,
          borderColor: colour,
          borderRadius: 3,
          borderWidth: kind === "line" ? 2 : 0,
          maxBarThickness: 28,
          pointRadius: 0,
          pointHitRadius: 12,
          tension: 0.25,
        };
      }),
    },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 300 },
      interaction: { mode: "index", intersect: false },
      scales: {
        x: { ...axis, ticks: { ...axis.ticks, maxRotation: 0, autoSkipPadding: 8 }, stacked: kind === "stacked", grid: { display: false } },
        y: { ...axis, stacked: kind === "stacked", beginAtZero: true, grid: { color: token("--line") }, ticks: { ...axis.ticks, maxTicksLimit: 5, precision: isCounted ? 0 : undefined } },
      },
      plugins: {
        legend: { display: series.length > 1, position: "bottom", labels: { color: token("--ink-2"), font, boxWidth: 10, boxHeight: 10 } },
        tooltip: { callbacks: { label: (item) => ` ${item.dataset.label}: ${item.formattedValue} ${figure.dataset.unit ?? ""}` } },
      },
    },
  };
}

/** Draw a figure, and again whenever the theme changes. */
export function draw(figure) {
  drawn.get(figure)?.destroy();
  drawn.set(figure, new globalThis.Chart(figure.querySelector("canvas"), settings(figure)));
}

document.addEventListener("theme-changed", () => {
  for (const [figure, chart] of drawn) {
    if (figure.isConnected) draw(figure);
    else {
      chart.destroy();
      drawn.delete(figure);
    }
  }
});

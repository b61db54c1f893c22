// The picture of the start page: what ends when, week by week over a year. A bar leads to its certificates.
(function () {
  "use strict";
  const place = document.getElementById("expiry");
  if (!place || !window.echarts) { return; }
  const weeks = JSON.parse(place.dataset.weeks);
  let chart;
  const draw = () => {
    const style = getComputedStyle(document.documentElement);
    const colour = name => style.getPropertyValue(name).trim();
    if (chart) { chart.dispose(); }
    chart = window.echarts.init(place, null, { renderer: "canvas" });
    chart.setOption({
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      animationDuration: 300,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 8, top: 16, bottom: 4, containLabel: true },
      tooltip: {
        trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow", shadowStyle: { color: colour("--c-soft") } },
        backgroundColor: colour("--c-surface"), borderColor: colour("--c-line"), textStyle: { color: colour("--tblr-body-color") },
        formatter: items => weeks[items[0].dataIndex].text,
      },
      xAxis: { type: "category", data: weeks.map(w => w.label), axisTick: { show: false }, axisLine: { lineStyle: { color: colour("--c-line") } }, axisLabel: { color: colour("--c-term"), hideOverlap: true, interval: index => weeks[index].month } },
      yAxis: { type: "value", minInterval: 1, splitNumber: 3, axisLabel: { color: colour("--c-term") }, splitLine: { lineStyle: { color: colour("--c-line") } } },
      series: [{
        type: "bar", barCategoryGap: "28%",
        data: weeks.map(w => ({ value: w.count, itemStyle: { color: colour(w.soon ? "--c-warn" : "--tblr-link-color"), borderRadius: [3, 3, 0, 0] } })),
      }],
    });
    chart.on("click", item => { location.href = weeks[item.dataIndex].href; });
  };
  draw();
  document.addEventListener("themechange", draw);
  window.addEventListener("resize", () => chart.resize());
})();

// A choropleth fetches the world outline from a foreign host even when it is given its own boundaries.
// An empty world keeps the page to itself.
const nothing = { type: 'GeometryCollection', geometries: [] };

window.PlotlyGeoAssets = {
  topojson: {
    world_110m: {
      type: 'Topology',
      arcs: [],
      objects: {
        coastlines: nothing, land: nothing, ocean: nothing, lakes: nothing,
        rivers: nothing, countries: nothing, subunits: nothing,
      },
    },
  },
};

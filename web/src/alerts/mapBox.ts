/** What the map shows, for the filter: west, south, east, north in degrees. */
export type Box = readonly [number, number, number, number];

let shown: Box = [-180, -90, 180, 90];

export const mapBox = (): Box => shown;
export const showBox = (box: Box): void => {
  shown = box;
};

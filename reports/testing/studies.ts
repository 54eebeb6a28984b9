/** Studies made by hand, for the tests of pictures: `<study><picture>`, as in `zonesNines`. */
export * from './studies/decisions.ts';
export * from './studies/sweeps.ts';

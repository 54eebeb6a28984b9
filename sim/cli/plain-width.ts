/**
 * Width of help text in columns. Stands in for the package string-width inside the bundled yargs (build.mjs): ours is
 * plain text, and the package's Intl.Segmenter alone takes a third of the time of `zonefall --help`.
 */
export default function plainWidth(text: string): number {
  return [...text].length;
}

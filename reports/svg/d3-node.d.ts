/** d3-node 4 ships no types; this is the part of it that is used. */
declare module 'd3-node' {
  export class D3Node {
    constructor();
    readonly d3: typeof import('d3');
    /** jsdom's document and window. */
    readonly document: { readonly body: unknown };
    readonly window: {
      readonly XMLSerializer: new () => { serializeToString(node: unknown): string };
      close(): void;
    };
    createSVG(
      width: number,
      height: number,
      attributes?: Readonly<Record<string, string | number>>,
    ): import('./pen.ts').Pen;
  }
}

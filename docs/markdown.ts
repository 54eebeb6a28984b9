/** Just enough of Markdown for the test of these pages: fenced blocks, links, headings. */

export interface Block {
  readonly language: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { language: string; line: number; text: string[] } | undefined;
  markdown.split('\n').forEach((line, i) => {
    const fence = /^```(\S*)/.exec(line);
    if (open === undefined) {
      if (fence !== null) open = { language: fence[1]!, line: i + 1, text: [] };
    } else if (fence !== null) {
      blocks.push({ language: open.language, line: open.line, text: open.text.join('\n') });
      open = undefined;
    } else open.text.push(line);
  });
  return blocks;
}

/** Targets of links and pictures, without the fenced blocks. */
export function linksOf(markdown: string): string[] {
  return [...prose(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
}

/** Anchors of the headings, as GitHub makes them. */
export function anchorsOf(markdown: string): string[] {
  return [...prose(markdown).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading!));
}

export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

function prose(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```/gm, '');
}

import fs from 'node:fs';
import path from 'node:path';

/** The repository's root folder, absolute. */
export const root = path.resolve(import.meta.dirname, '../../..');

const unkept: ReadonlySet<string> = new Set(['node_modules', 'out', 'dist', '.git']);

/**
 * The files below a folder of the repository whose names end in a certain way.
 * @param folder relative to the root
 * @param ending a pattern for the name
 * @returns paths relative to the root, with slashes
 */
export function filesBelow(folder: string, ending: RegExp): readonly string[] {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const place = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return unkept.has(entry.name) ? [] : filesBelow(place, ending);
    return ending.test(entry.name) ? [place] : [];
  });
}

/** Whether the repository has this file or folder. @param place relative to the root */
export function exists(place: string): boolean {
  return fs.existsSync(path.join(root, place));
}

/** The text of a file of the repository. @param file relative to the root */
export function textOf(file: string): string {
  return fs.readFileSync(path.join(root, file), 'utf8');
}

/** A Markdown text without code, in which nothing is a link or a heading. */
export function withoutCode(markdown: string): string {
  return markdown.replace(/^(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1[^\n]*$/gm, '').replace(/`[^`\n]*`/g, '``');
}

/** The headings of a Markdown text, as they are read. */
export function headingsOf(markdown: string): readonly string[] {
  const lines = markdown.replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1[^\n]*$/gm, '').matchAll(/^#{1,6} +(.+)$/gm);
  return [...lines].map(([, heading = '']) => heading.replace(/[`*]|\[([^\]]*)\]\([^)]*\)/g, '$1').trim());
}

/** What comes behind the `#` of a link to a heading, as GitHub makes it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replace(/ /g, '-');
}

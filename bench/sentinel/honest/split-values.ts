const shortest = 2;
const longestLine = 1000;
const longestParagraph = 3000;

/** Lines of a text, trimmed. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length >= shortest && line.length <= longestLine);
}

/** Paragraphs of more than one line, as a text column holds them. */
export function paragraphsOf(text: string): string[] {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph.includes('\n') && paragraph.length <= longestParagraph);
}

/** Sentences, as a search box or a comment gets them. */
export function sentencesOf(text: string): string[] {
  return paragraphsOf(text)
    .flatMap((paragraph) => paragraph.replace(/\s+/g, ' ').split(/(?<=[.!?]) (?=[A-Z])/))
    .filter((sentence) => sentence.length >= shortest && sentence.length <= longestLine);
}

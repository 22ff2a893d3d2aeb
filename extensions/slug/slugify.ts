/** Letters that no decomposition takes apart, as they are written without them. */
const spelled: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

/**
 * A slug of a title: lower case, words joined by `-`. Latin letters lose their accents; letters of other scripts
 * stay, because no spelling of them is right for all their readers.
 * @param maxLength characters (code points), at a word's end where there is one
 * @returns an empty text when the title has no letter and no digit
 */
export function slugify(title: string, maxLength: number): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/(\p{Script=Latin})\p{Mn}+/gu, '$1')
    .normalize('NFC')
    .replace(/[ßæœøđðłþı]/g, (letter) => spelled[letter] ?? letter)
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  const letters = [...plain];
  if (letters.length <= maxLength) return plain;
  const cut = letters.slice(0, maxLength).join('');
  const end = cut.lastIndexOf('-');
  // A word that would take half of it is cut instead.
  const whole = letters[maxLength] === '-' || end < cut.length / 2 ? cut : cut.slice(0, end);
  return whole.replace(/-$/, '');
}

import type { PackageReview, PermissionQuestion } from '../../protocol/extensions.protocol.ts';
import type { Output } from '../output.ts';
import { safeText } from './safe-text.ts';

const signatures: Readonly<Record<PackageReview['signature'], string>> = {
  core: 'part of MagFlock',
  signed: 'signed by a publisher you trust',
  unsigned: 'not signed by anybody you trust',
  modified: 'ALTERED after it was signed',
  revoked: 'REVOKED',
};

/** Lines that tell a person what a package is and what it wants. */
export function showReview(review: PackageReview, output: Output): readonly string[] {
  const { findings, obstacles, installed } = review;
  const grave = review.signature === 'modified' || review.signature === 'revoked';
  return [
    output.style('bold', `${safeText(review.name)} ${safeText(review.version)}`) +
      ` (${safeText(review.id)})${installed === null ? '' : `, ${safeText(installed)} is installed`}`,
    `publisher  ${safeText(review.publisher)}`,
    `signature  ${output.style(grave ? 'red' : review.signature === 'unsigned' ? 'yellow' : 'green', review.signature)}: ${signatures[review.signature]}${
      review.signedBy === null ? '' : ` (${safeText(review.signedBy)})`
    }`,
    `package    ${safeText(review.sha256)}`,
    ...section(
      'It asks for',
      review.questions.map((one) => questionLine(one, output)),
    ),
    ...section(
      installed === null ? '' : 'Of these are new',
      installed === null ? [] : review.added.map(({ sentence }) => safeText(sentence, 600)),
    ),
    ...section(
      'Found in it',
      findings.map(({ severity, message, file, line }) => {
        const colour = severity === 'danger' ? 'red' : severity === 'warning' ? 'yellow' : 'dim';
        const place = `${safeText(file)}${line === null ? '' : `:${line}`}`;
        return `${output.style(colour, severity)} ${safeText(message, 600)} (${place})`;
      }),
    ),
    ...section(
      'In the way',
      obstacles.map((text) => output.style('red', safeText(text, 600))),
    ),
  ];
}

/** One permission with its risk and the reason its author gives. */
export function questionLine(question: PermissionQuestion, output: Output): string {
  const colour = question.risk === 'high' ? 'red' : question.risk === 'medium' ? 'yellow' : 'green';
  const optional = question.optional ? ', optional' : '';
  return `${safeText(question.sentence, 600)} [${output.style(colour, `${question.risk} risk`)}${optional}] – it says: ${safeText(question.reason)}`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

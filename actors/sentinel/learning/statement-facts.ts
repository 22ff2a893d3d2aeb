import { lexeme as L, type Lexeme } from './statement-lexer.ts';
import { hasWord, statementWords as W } from './statement-words.ts';

/** What of the structure of a whole statement speaks for a payload in it, or against; each is a count. */
export const statementFacts = [
  ...['constants compared behind OR', 'behind AND', 'behind WHERE, HAVING or ON', 'behind WHEN', 'in a list'],
  ...['constant alone behind OR', 'constant alone behind AND', 'constant compared with a subselect'],
  ...[
    'comparison of a comparison',
    'operator behind a compared literal',
    'condition in SET',
    'condition in VALUES',
  ],
  ...[
    'operator without operand',
    'clause out of order',
    'select without table has a clause',
    'star without table',
  ],
  ...[
    'literal, then UNION',
    'UNION in a change',
    'UNION of constants behind a table',
    'UNION of other width',
  ],
  ...['UNION', 'UNION of numbers in a row', 'UNION in a list'],
  ...[
    'string glued to a word',
    'string glued to a string',
    'literal, then an odd word',
    'number glued to a word',
  ],
  ...['literal, then semicolon in brackets', 'further statements', 'dangerous statement behind another'],
  ...['literal, then a statement', 'garbage behind a semicolon', 'brackets left open', 'brackets not opened'],
  ...['string left open', 'comment left open', 'comment at the end', 'empty comment at the end'],
  ...['comment behind a literal', 'comment begins with a quote or bracket', 'comment begins with a clause'],
  ...[
    'odd quotes in the last comment',
    'comment at the end leaves brackets open',
    'comment instead of a blank',
  ],
  ...['version comment', 'hash comment', 'delay', 'error function', 'file or network', 'system facts'],
  ...[
    'system tables',
    'hex',
    'characters by number',
    'subselect behind AND, OR or an operator',
    'ORDER BY number',
  ],
  ...['function call behind AND or OR', 'empty string compared', 'WHERE in the statement', 'column compared'],
  ...['definition', 'strings', 'INTO a file', 'code block', 'quoted names', 'odd case of keywords'],
] as const;

type Fact = (typeof statementFacts)[number];
const at: Readonly<Record<Fact, number>> = Object.fromEntries(
  statementFacts.map((name, place) => [name, place]),
) as Record<Fact, number>;

/** A bracket, or the statement outside all of them. */
interface Frame {
  kind: '' | 'select' | 'update' | 'insert' | 'delete' | 'other' | 'values';
  /** The items of the select list that is read or was read last, -1 when unknown. */
  items: number;
  inList: boolean;
  constants: boolean;
  counting: number;
  hasTable: boolean;
  star: boolean;
  rank: number;
  inSet: boolean;
  /** Items of the select before a UNION; -1 unknown, 0 none. */
  left: number;
  leftHasTable: boolean;
  afterUnion: boolean;
}

const newFrame = (): Frame => ({
  kind: '',
  items: -1,
  inList: false,
  constants: true,
  counting: 0,
  hasTable: false,
  star: false,
  rank: 0,
  inSet: false,
  left: 0,
  leftHasTable: false,
  afterUnion: false,
});

/**
 * Counts the facts of a statement. Nothing has to parse: payloads that were made for another dialect or place leave
 * statements that no database would take, and honest statements are of all dialects.
 */
export class FactCounter {
  private readonly counts = new Float32Array(statementFacts.length);
  private tokens: Lexeme[] = [];
  private frames: Frame[] = [newFrame()];

  /** @returns counts, in the order of `statementFacts`; the same array each time */
  count(source: string, all: readonly Lexeme[]): Float32Array {
    this.counts.fill(0);
    this.frames = [newFrame()];
    this.tokens = all.filter(({ kind }) => kind !== L.LINE_COMMENT && kind !== L.BLOCK_COMMENT);
    this.comments(source, all);
    for (let place = 0; place < this.tokens.length; place += 1) this.token(place, source);
    for (const frame of this.frames) this.endSelect(frame);
    this.add('brackets left open', this.frames.length - 1);
    return this.counts;
  }

  private add(fact: Fact, count = 1): void {
    this.counts[at[fact]]! += count;
  }

  private get frame(): Frame {
    return this.frames[this.frames.length - 1]!;
  }

  private token(place: number, source: string): void {
    const { tokens } = this;
    const token = tokens[place]!;
    const before = tokens[place - 1];
    const { kind } = token;
    if (kind === L.OPEN) {
      this.frames.push(newFrame());
      if (before?.kind === L.WORD && before.text === 'values') this.frame.kind = 'values';
      else if (before?.kind === L.COMMA && this.closedValues) this.frame.kind = 'values';
    } else if (kind === L.CLOSE) this.close();
    else if (kind === L.COMMA) {
      if (this.frame.inList) this.frame.items += 1;
    } else if (kind === L.SEMICOLON) this.semicolon(place);
    else if (kind === L.WORD) this.word(place, token, before);
    else if (kind === L.STRING) {
      this.add('strings');
      if (token.open) this.add('string left open');
      this.literal(place, source);
    } else if (kind === L.NUMBER || kind === L.HEX) {
      if (kind === L.HEX && token.to - token.from >= 4) this.add('hex');
      this.literal(place, source);
    } else if (kind === L.QUOTED) {
      this.add('quoted names');
      if (token.open) this.add('string left open');
      if (this.frame.inList) this.frame.constants = false;
    } else if (kind === L.SYSTEM_VARIABLE) this.add('system facts');
    else if (kind === L.OPERATOR) this.operator(place, token, before);
  }

  private closedValues = false;

  private close(): void {
    if (this.frames.length === 1) {
      this.add('brackets not opened');
      return;
    }
    const frame = this.frames.pop()!;
    this.endSelect(frame);
    this.closedValues = frame.kind === 'values';
  }

  private endSelect(frame: Frame): void {
    if (frame.kind !== 'select') return;
    frame.inList = false;
    if (frame.star && !frame.hasTable) this.add('star without table');
    if (!frame.afterUnion) return;
    frame.afterUnion = false;
    if (frame.left > 0 && frame.items > 0 && !frame.star && frame.left !== frame.items)
      this.add('UNION of other width');
    if (frame.constants && frame.leftHasTable) this.add('UNION of constants behind a table');
    if (frame.counting >= 3) this.add('UNION of numbers in a row');
  }

  private semicolon(place: number): void {
    const { tokens } = this;
    const next = tokens[place + 1];
    const before = tokens[place - 1];
    const isBehindLiteral = before !== undefined && isLiteral(before);
    if (this.frames.length > 1 && isBehindLiteral) this.add('literal, then semicolon in brackets');
    if (next !== undefined) {
      const starts = next.kind === L.WORD && hasWord(next.text, W.STATEMENT);
      this.add('further statements');
      if (!starts && next.kind !== L.SEMICOLON && next.kind !== L.OPEN)
        this.add('garbage behind a semicolon');
      if (starts && isBehindLiteral) this.add('literal, then a statement');
      if (next.kind === L.WORD && hasWord(next.text, W.DANGEROUS))
        this.add('dangerous statement behind another');
    }
    for (const frame of this.frames) this.endSelect(frame);
    this.frames = [newFrame()];
  }

  private word(place: number, token: Lexeme, before: Lexeme | undefined): void {
    const { text } = token;
    const { frame, tokens } = this;
    const next = tokens[place + 1];
    if (before?.kind === L.DOT || next?.kind === L.DOT) {
      if (hasWord(text, W.SYSTEM_TABLE)) this.add('system tables');
      if (frame.inList) frame.constants = false;
      return;
    }
    const calls = next?.kind === L.OPEN;
    if (calls) this.call(place, text, before);
    if (hasWord(text, W.SYSTEM_TABLE)) this.add('system tables');
    if (hasWord(text, W.SYSTEM_FACT)) this.add('system facts');
    if (before !== undefined && isLiteral(before)) this.behindLiteral(token, before, next);
    if (frame.inList && !calls && !hasWord(text, W.KEYWORD) && before?.text !== 'as') frame.constants = false;
    switch (text) {
      case 'select':
        this.select(frame, before);
        break;
      case 'update':
      case 'insert':
      case 'delete':
        if (frame.kind === '' || frame.kind === 'other') {
          frame.kind = text;
          frame.rank = 0;
        }
        break;
      case 'create':
      case 'alter':
        if (frame.kind === '') {
          frame.kind = 'other';
          this.add('definition');
        }
        break;
      case 'begin':
      case 'declare':
      case 'do':
        if (frame.kind === '') {
          frame.kind = 'other';
          this.add('code block');
        }
        break;
      case 'union':
      case 'intersect':
      case 'except':
        this.union(frame, before);
        break;
      case 'set':
        frame.inSet = frame.kind === 'update';
        break;
      case 'values':
        frame.inList = false;
        break;
      case 'from':
        if (before?.text === 'distinct' && frame.rank >= 2) break;
        frame.inList = false;
        frame.hasTable = true;
        if (frame.kind === 'select') frame.rank = Math.max(frame.rank, 1);
        break;
      case 'where':
        this.add('WHERE in the statement');
        this.clause(frame, 2, true);
        break;
      case 'group':
        if (next?.text === 'by' && before?.text !== 'within') this.clause(frame, 3, true);
        break;
      case 'having':
        this.clause(frame, 4, true);
        break;
      case 'order':
        if (next?.text === 'by') {
          this.clause(frame, 6, true);
          this.orderBy(place);
        }
        break;
      case 'limit':
      case 'procedure':
        if (frame.kind === 'select') this.clause(frame, 7, false);
        break;
      case 'into':
        if (next?.text === 'outfile' || next?.text === 'dumpfile') this.add('INTO a file');
        break;
      case 'waitfor':
        this.add('delay');
        break;
      case 'and':
      case 'or':
      case 'xor':
      case 'rlike':
      case 'like':
      case 'ilike':
      case 'regexp':
      case 'is':
      case 'div':
      case 'in':
      case 'between':
      case 'not':
        this.operator(place, token, before);
        break;
      default:
    }
  }

  private select(frame: Frame, before: Lexeme | undefined): void {
    if (frame.kind === 'select') {
      frame.rank = 0;
      frame.hasTable = false;
    } else if (frame.kind === '' || frame.kind === 'values') frame.kind = 'select';
    if (before !== undefined && before.kind !== L.OPEN && (isLiteral(before) || before.text === '='))
      this.add('literal, then a statement');
    frame.items = 1;
    frame.star = false;
    frame.inList = true;
    frame.constants = true;
    frame.counting = 0;
  }

  private union(frame: Frame, before: Lexeme | undefined): void {
    this.add('UNION');
    if (before !== undefined && isLiteral(before)) this.add('literal, then UNION');
    if (frame.kind === 'update' || frame.kind === 'delete' || frame.kind === 'values')
      this.add('UNION in a change');
    if (frame.kind === 'insert' && frame.rank === 0 && !frame.hasTable && frame.items < 0)
      this.add('UNION in a change');
    if (frame.rank >= 6) this.add('clause out of order');
    if (frame.kind === '' && this.frames.length > 1 && before?.kind !== L.CLOSE) this.add('UNION in a list');
    const { items, star, hasTable, kind } = frame;
    this.endSelect(frame);
    frame.kind = 'select';
    frame.left = kind !== 'select' || star ? -1 : items;
    frame.leftHasTable = hasTable || kind !== 'select';
    frame.afterUnion = true;
    frame.inList = false;
    frame.rank = 0;
    frame.hasTable = false;
    frame.constants = false;
    frame.items = -1;
  }

  /** Clauses come in one order; a payload in front of the rest of a statement breaks it. */
  private clause(frame: Frame, rank: number, needsTable: boolean): void {
    frame.inList = false;
    if (frame.kind === 'values') {
      this.add('clause out of order');
      return;
    }
    if (frame.kind !== 'select' && frame.kind !== 'update' && frame.kind !== 'delete') return;
    if (frame.rank > rank || (frame.rank === rank && rank === 2)) this.add('clause out of order');
    if (frame.kind === 'select' && needsTable && !frame.hasTable && rank < 6)
      this.add('select without table has a clause');
    frame.inSet = false;
    frame.rank = rank;
  }

  private orderBy(place: number): void {
    const number = this.tokens[place + 2];
    const behind = this.tokens[place + 3];
    if (number?.kind === L.NUMBER && behind === undefined) this.add('ORDER BY number');
  }

  private call(place: number, text: string, before: Lexeme | undefined): void {
    if (hasWord(text, W.DELAY)) this.add('delay');
    else if (hasWord(text, W.ERROR)) this.add('error function');
    else if (hasWord(text, W.OUTSIDE)) this.add('file or network');
    else if (hasWord(text, W.SYSTEM_CALL)) this.add('system facts');
    else if (text === 'char' || text === 'chr' || text === 'nchar') {
      if (this.tokens[place + 2]?.kind === L.NUMBER) this.add('characters by number');
    }
    if (before?.text === 'and' || before?.text === 'or' || before?.text === 'xor')
      if (!hasWord(text, W.KEYWORD)) this.add('function call behind AND or OR');
  }

  private behindLiteral(token: Lexeme, before: Lexeme, next: Lexeme | undefined): void {
    const glued = token.from === before.to;
    if (glued) this.add(before.kind === L.STRING ? 'string glued to a word' : 'number glued to a word');
    const { frame } = this;
    const inCondition = frame.rank === 2 || frame.inSet || frame.kind === 'values' || frame.kind === 'insert';
    if (inCondition && !hasWord(token.text, W.BEHIND_LITERAL)) this.add('literal, then an odd word');
    if (inCondition && token.text === 'as' && next?.kind === L.WORD) this.add('literal, then an odd word');
  }

  private literal(place: number, source: string): void {
    const { tokens, frame } = this;
    const token = tokens[place]!;
    const before = tokens[place - 1];
    const next = tokens[place + 1];
    if (token.kind === L.STRING && before !== undefined && before.to === token.from) {
      if (before.kind === L.STRING) this.add('string glued to a string');
      else if (before.kind === L.WORD && !hasWord(before.text, W.KEYWORD)) this.add('string glued to a word');
    }
    if (frame.inList && token.kind === L.NUMBER) {
      const value = Number(source.slice(token.from, token.to));
      if (value === frame.counting + 1) frame.counting = value;
    }
    const isBehindBoolean = before !== undefined && (isOr(before) || isAnd(before) || before.text === 'not');
    if (isBehindBoolean && (next === undefined || endsOperand(next))) {
      if (!this.isBetween(place))
        this.add(isOr(before) ? 'constant alone behind OR' : 'constant alone behind AND');
    }
  }

  private isBetween(place: number): boolean {
    for (let back = place - 1; back >= 0 && back > place - 12; back -= 1) {
      if (this.tokens[back]!.text === 'between') return true;
      if (this.tokens[back]!.text === 'where') return false;
    }
    return false;
  }

  private operator(place: number, token: Lexeme, before: Lexeme | undefined): void {
    const { tokens, frame } = this;
    const next = tokens[place + 1];
    const { text } = token;
    if (
      text === '*' &&
      frame.inList &&
      (before?.kind === L.COMMA || before?.kind === L.DOT || before?.kind === L.WORD)
    ) {
      frame.star = true;
      frame.constants = false;
    }
    const isBoolean = isOr(token) || isAnd(token);
    if (isBoolean) {
      if (frame.inSet && text !== '||') this.add('condition in SET');
      if (frame.kind === 'values' && text !== '||') this.add('condition in VALUES');
      if (next?.kind === L.OPEN && tokens[place + 2]?.text === 'select')
        this.add('subselect behind AND, OR or an operator');
      if (next?.kind === L.WORD && (next.text === 'true' || next.text === 'false' || next.text === 'null')) {
        const behind = tokens[place + 2];
        if (behind === undefined || endsOperand(behind)) this.add('constant alone behind OR');
      }
    }
    if (isBoolean || isComparison(token)) {
      if (next === undefined || (endsOperand(next) && next.text !== 'not' && next.text !== 'all'))
        this.add('operator without operand');
    }
    if (!isBoolean && text !== 'is' && text !== 'not' && before !== undefined && isLiteral(before)) {
      const two = tokens[place - 2];
      if (two !== undefined && isComparison(two)) {
        this.add(isComparison(token) ? 'comparison of a comparison' : 'operator behind a compared literal');
        if (next?.kind === L.OPEN && tokens[place + 2]?.text === 'select')
          this.add('subselect behind AND, OR or an operator');
      }
    }
    if (isComparison(token) && before !== undefined && next !== undefined)
      this.comparison(place, before, next);
  }

  private comparison(place: number, before: Lexeme, next: Lexeme): void {
    const { tokens } = this;
    let start = place - 1;
    if (before.kind === L.CLOSE) {
      // `('a')=('a')`, `(select 1)=1`
      const first = tokens[place - 3];
      if (!(tokens[place - 2] !== undefined && isConstant(tokens[place - 2]!) && first?.kind === L.OPEN)) {
        if (isConstant(next) && this.closesSubselect(place - 1))
          this.add('constant compared with a subselect');
        return;
      }
      start = place - 3;
    } else if (!isConstant(before)) {
      this.add('column compared');
      if (next.kind === L.STRING && next.to - next.from === 2) this.add('empty string compared');
      return;
    }
    let right = next;
    let behind = place + 1;
    while (right.kind === L.OPEN && tokens[behind + 1] !== undefined) {
      behind += 1;
      right = tokens[behind]!;
    }
    if (right.text === 'select') {
      this.add('constant compared with a subselect');
      return;
    }
    if (!isConstant(right)) {
      if (right.kind === L.WORD && tokens[behind + 1]?.kind === L.OPEN)
        this.add('constant compared with a subselect');
      return;
    }
    let back = start - 1;
    while (back >= 0 && (tokens[back]!.kind === L.OPEN || tokens[back]!.text === 'not')) back -= 1;
    const connector = tokens[back];
    if (connector === undefined || connector.kind === L.COMMA || connector.text === 'select')
      this.add('in a list');
    else if (isOr(connector)) this.add('constants compared behind OR');
    else if (isAnd(connector)) {
      if (!this.isBetween(back)) this.add('behind AND');
    } else if (connector.text === 'when') this.add('behind WHEN');
    else if (connector.text === 'where' || connector.text === 'having' || connector.text === 'on')
      this.add('behind WHERE, HAVING or ON');
  }

  private closesSubselect(place: number): boolean {
    let depth = 0;
    for (let back = place; back >= 0 && back > place - 80; back -= 1) {
      const { kind } = this.tokens[back]!;
      if (kind === L.CLOSE) depth += 1;
      else if (kind === L.OPEN) {
        depth -= 1;
        if (depth === 0) return this.tokens[back + 1]?.text === 'select';
      }
    }
    return false;
  }

  private comments(source: string, all: readonly Lexeme[]): void {
    for (const [place, token] of all.entries()) {
      if (token.kind !== L.LINE_COMMENT && token.kind !== L.BLOCK_COMMENT) continue;
      const before = all[place - 1];
      const next = all[place + 1];
      if (token.open) this.add('comment left open');
      if (token.kind === L.BLOCK_COMMENT) {
        if (token.text === '!') this.add('version comment');
        else if (before?.to === token.from && next?.from === token.to) this.add('comment instead of a blank');
        if (!token.open) continue;
      } else if (token.text === '#') this.add('hash comment');
      if (before === undefined || before.kind === L.LINE_COMMENT) continue;
      const sameLine = !source.slice(before.to, token.from).includes('\n');
      if (sameLine && (isLiteral(before) || before.kind === L.CLOSE)) this.add('comment behind a literal');
      if (!sameLine) continue;
      const inside = source
        .slice(token.from, token.to)
        .replace(/^(?:--|#|\/\*)[ +!-]*/, '')
        .trim();
      const isLast = next === undefined;
      if (isLast) this.add('comment at the end');
      if (isLast && inside === '') this.add('empty comment at the end');
      if (/^[%"')\]}]/.test(inside)) this.add('comment begins with a quote or bracket');
      if (/['"`)]\)?;?$/.test(inside)) this.add('comment begins with a quote or bracket', 0.5);
      if (
        /^\W*(?:and|or|order by|group by|where|limit|having|returning|union|on conflict|asc|desc|for update)\b/i.test(
          inside,
        )
      )
        this.add('comment begins with a clause');
      if (isLast && ((inside.match(/'/g)?.length ?? 0) & 1) === 1) this.add('odd quotes in the last comment');
      if (isLast) {
        let depth = 0;
        for (const one of all) depth += one.kind === L.OPEN ? 1 : one.kind === L.CLOSE ? -1 : 0;
        if (depth > 0) this.add('comment at the end leaves brackets open');
      }
    }
    let odd = 0;
    for (const { kind, from, to, text } of all) {
      if (kind !== L.WORD || !hasWord(text, W.KEYWORD)) continue;
      const written = source.slice(from, to);
      if (written !== text && written !== text.toUpperCase() && written.slice(1) !== text.slice(1)) odd += 1;
    }
    this.add('odd case of keywords', odd);
  }
}

function isLiteral({ kind }: Lexeme): boolean {
  return kind === L.STRING || kind === L.NUMBER || kind === L.HEX;
}

function isConstant(token: Lexeme): boolean {
  return isLiteral(token) || token.text === 'null' || token.text === 'true' || token.text === 'false';
}

function isOr({ text }: Lexeme): boolean {
  return text === 'or' || text === 'xor' || text === '||';
}

function isAnd({ text }: Lexeme): boolean {
  return text === 'and' || text === '&&';
}

function isComparison({ kind, text }: Lexeme): boolean {
  return kind === L.OPERATOR || kind === L.WORD ? hasWord(text, W.COMPARISON) : false;
}

/** Whether an operand cannot begin here. */
function endsOperand({ kind, text }: Lexeme): boolean {
  if (kind === L.CLOSE || kind === L.COMMA || kind === L.SEMICOLON) return true;
  return kind === L.WORD && hasWord(text, W.CLAUSE);
}

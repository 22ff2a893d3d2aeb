import { countCommentFacts } from './comment-facts.ts';
import { ConstantSpans } from './constant-spans.ts';
import { lexemeTest } from './lexeme-test.ts';
import { statementFacts } from './statement-fact-names.ts';
import { StatementFrame } from './statement-frame.ts';
import { lexeme as L, type Lexeme } from './statement-lexer.ts';
import { hasWord, statementWords as W } from './statement-words.ts';

type Fact = (typeof statementFacts)[number];
const at: Readonly<Record<Fact, number>> = Object.fromEntries(
  statementFacts.map((name, place) => [name, place]),
) as Record<Fact, number>;

const { isLiteral, isOr, isAnd, isComparison, endsOperand } = lexemeTest;
const typographic = /[\u2018-\u201f\u00b4]/;

/**
 * Counts the facts of a statement. Nothing has to parse: payloads that were made for another dialect or place leave
 * statements that no database would take, and honest statements are of all dialects.
 */
export class FactCounter {
  private readonly counts = new Float32Array(statementFacts.length);
  private tokens: Lexeme[] = [];
  private source = '';
  private spans = new ConstantSpans([]);
  private frames: StatementFrame[] = [new StatementFrame()];

  /** @returns counts, in the order of `statementFacts`; the same array each time */
  count(source: string, all: readonly Lexeme[]): Float32Array {
    this.counts.fill(0);
    this.frames = [new StatementFrame()];
    this.source = source;
    this.closedValues = false;
    this.tokens = all.filter(({ kind }) => kind !== L.LINE_COMMENT && kind !== L.BLOCK_COMMENT);
    this.spans = new ConstantSpans(this.tokens);
    countCommentFacts(source, all, (fact, count) => this.add(fact, count));
    for (let place = 0; place < this.tokens.length; place += 1) this.token(place, source);
    for (const frame of this.frames) this.endSelect(frame);
    this.add('brackets left open', this.frames.length - 1);
    return this.counts;
  }

  private add(fact: Fact, count = 1): void {
    this.counts[at[fact]]! += count;
  }

  private get frame(): StatementFrame {
    return this.frames[this.frames.length - 1]!;
  }

  private token(place: number, source: string): void {
    const { tokens } = this;
    const token = tokens[place]!;
    const before = tokens[place - 1];
    const { kind } = token;
    if (kind === L.COMMA || kind === L.PARAMETER) this.frame.comparisons = 0;
    if (kind === L.OPEN) {
      this.frames.push(new StatementFrame());
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

  private endSelect(frame: StatementFrame): void {
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
    this.frames = [new StatementFrame()];
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
    if (typographic.test(text)) this.add('typographic quote in a name');
    if (hasWord(text, W.CLAUSE) || text === 'select' || text === 'set' || text === 'case')
      frame.comparisons = 0;
    const calls = next?.kind === L.OPEN;
    if (calls) this.call(place, text, before);
    if (hasWord(text, W.SYSTEM_TABLE)) this.add('system tables');
    if (hasWord(text, W.SYSTEM_FACT)) this.add('system facts');
    if (before !== undefined && isLiteral(before)) this.behindLiteral(token, before, next);
    if (frame.inList && !calls && !hasWord(text, W.KEYWORD) && before?.text !== 'as') frame.constants = false;
    if (text === 'true' || text === 'false' || text === 'null') this.bareConstant(place);
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
        this.union(frame, before, next);
        break;
      case 'case':
        frame.cases += 1;
        break;
      case 'end':
        frame.cases = Math.max(0, frame.cases - 1);
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
        if (before !== undefined && isLiteral(before)) this.add('literal, then INTO');
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

  private select(frame: StatementFrame, before: Lexeme | undefined): void {
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

  private union(frame: StatementFrame, before: Lexeme | undefined, next: Lexeme | undefined): void {
    this.add('UNION');
    if (next !== undefined && next.kind !== L.OPEN && !hasWord(next.text, W.BEHIND_UNION))
      this.add('UNION without SELECT');
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
  private clause(frame: StatementFrame, rank: number, needsTable: boolean): void {
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
    const isStatement = hasWord(token.text, W.STATEMENT) && !hasWord(token.text, W.BEHIND_LITERAL);
    if (isStatement) this.add('statement without semicolon');
    const inCondition = frame.rank === 2 || frame.inSet || frame.kind === 'values' || frame.kind === 'insert';
    if (inCondition && !hasWord(token.text, W.BEHIND_LITERAL)) this.add('literal, then an odd word');
    if (inCondition && token.text === 'as' && next?.kind === L.WORD) this.add('literal, then an odd word');
  }

  private literal(place: number, source: string): void {
    const { tokens, frame } = this;
    const token = tokens[place]!;
    const before = tokens[place - 1];

    if (token.kind === L.STRING && before !== undefined && before.to === token.from) {
      if (before.kind === L.STRING) this.add('string glued to a string');
      else if (before.kind === L.WORD && !hasWord(before.text, W.KEYWORD)) this.add('string glued to a word');
    }
    if (frame.inList && token.kind === L.NUMBER) {
      const value = Number(source.slice(token.from, token.to));
      if (value === frame.counting + 1) frame.counting = value;
    }
    this.bareConstant(place);
  }

  /** `or 1`, `and not (true)`. */
  private bareConstant(place: number): void {
    const { tokens } = this;
    let back = place - 1;
    let behind = place + 1;
    while (
      back >= 0 &&
      (tokens[back]!.kind === L.OPEN || tokens[back]!.text === 'not' || tokens[back]!.text === '!')
    ) {
      if (tokens[back]!.kind === L.OPEN && tokens[behind]?.kind === L.CLOSE) behind += 1;
      back -= 1;
    }
    const connector = tokens[back];
    const next = tokens[behind];
    if (connector === undefined || connector.text === '||' || (next !== undefined && !endsOperand(next)))
      return;
    if (isOr(connector)) this.add('constant alone behind OR');
    else if (isAnd(connector) && !this.isBetween(place)) this.add('constant alone behind AND');
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
    if (text === '*/') this.add('comment end without a comment');
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
      const isSorting = frame.rank === 3 || frame.rank >= 6;
      if (isSorting && frame.cases === 0 && text !== '||' && !this.isBetween(place))
        this.add('condition behind ORDER BY');
      if (frame.kind === 'values' && text !== '||') this.add('condition in VALUES');
      if (next?.kind === L.OPEN && tokens[place + 2]?.text === 'select')
        this.add('subselect behind AND, OR or an operator');
    }
    if (isBoolean || isComparison(token)) {
      if (next === undefined || (endsOperand(next) && next.text !== 'not' && next.text !== 'all'))
        this.add('operator without operand');
    }
    if (!isBoolean && text !== 'is' && before !== undefined && isLiteral(before)) {
      const two = tokens[place - 2];
      if (two !== undefined && isComparison(two)) {
        const isNegated = text === 'not' && next !== undefined && isComparison(next);
        if (isNegated) this.add('comparison of a comparison');
        else if (text !== 'not' && !isComparison(token)) this.add('operator behind a compared literal');
        if (next?.kind === L.OPEN && tokens[place + 2]?.text === 'select')
          this.add('subselect behind AND, OR or an operator');
      }
    }
    if (!isComparison(token) || before === undefined || next === undefined) return;
    frame.comparisons += 1;
    const outer = this.frames[0]!.kind;
    if (frame.comparisons === 2 && outer !== '' && outer !== 'other') this.add('comparison of a comparison');
    if (frame.kind === 'values' || (frame.inSet && frame.comparisons === 2))
      this.add('comparison in SET or VALUES');
    if (hasWord(text, W.PATTERN) && next.kind === L.STRING && this.isAny(next)) this.add('LIKE everything');
    this.comparison(place, before, next);
  }

  private comparison(place: number, before: Lexeme, next: Lexeme): void {
    const { tokens } = this;
    const left = this.spans.beginOf(place - 1);
    const right = this.spans.endOf(place + 1);
    if (left < 0) {
      if (
        before.kind === L.WORD &&
        before.text === next.text &&
        !this.frame.inSet &&
        ends(tokens[place + 2]) &&
        isBoundary(tokens[place - 2])
      )
        this.add('compared with itself');
      if (before.kind === L.CLOSE && right > 0 && this.spans.closesSubselect(place - 1))
        this.add('constant compared with a subselect');
      else this.add('column compared');
      if (next.kind === L.STRING && next.to - next.from === 2) this.add('empty string compared');
      return;
    }
    if (right < 0) {
      let behind = place + 1;
      while (tokens[behind]?.kind === L.OPEN) behind += 1;
      if (tokens[behind]?.text === 'select' || tokens[behind + 1]?.kind === L.OPEN)
        this.add('constant compared with a subselect');
      return;
    }
    let back = left - 1;
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

  private isAny({ from, to }: Lexeme): boolean {
    return /^'%*'$/.test(this.source.slice(from, to));
  }
}

/** Whether nothing of an operand goes on here. */
function ends(token: Lexeme | undefined): boolean {
  return token === undefined || endsOperand(token);
}

/** Whether nothing of an operand stands in front of it. */
function isBoundary(token: Lexeme | undefined): boolean {
  return token === undefined || (token.kind !== L.DOT && token.kind !== L.OPEN);
}

import { honestTemplates } from './honest-templates.ts';
import type { Random } from './random.ts';

const words =
  'river table order select union group coffee garden drop light update museum values limit set house join left right case like set street paper table music index grant view winter key market lake exec sleep concert insert where window from truck delete silver having into train between school mountain bridge user admin password login count version database script cast declare host sum alter load call begin end check'.split(
    ' ',
  );
const names =
  "O'Brien|D'Angelo|Miller|Nguyễn|Müller|O'Neil|García|L'Oréal|Sean O'Casey|McDonald's|Łukasz|Anne-Marie|Ng'ambo|Kim|Dunkin' Donuts|Levi's|van 't Hoff|de l'Église|Jean d'Arc".split(
    '|',
  );
const templates = [
  "$n'000.00|$n'$n'000|$n' $n\"|$n'$n\"|$n 1/2\" x $n'|size $n\" / $n cm|$n° $n' $n\" N|$n′$n″",
  '$n $w Street, Apt #$n|$n $w St.; Unit $n -- rear|#$n-$n $w Rd|Flat $n/$n, $w House|PO Box $n (near $w)|c/o $N, $n $w Ave',
  'ID-$n--$n|ref $n--$n-$w|$w--$w|$w -- $w -- $w|$w---$w|SKU $n-$w-$n;$n|#$n; #$n|order #$n (part $n/$n)|-- $w --|$w—$w',
  'Union $w Committee|Select $w Union|the $w union select committee met|$w or $w? $w and $w!|drop the $w table on the $w|where is the $w from|insert $w into $w, then $w|select one of the $w from the list|order by phone or by $w|group by $w and $w|delete $w from my $w|update your $w set|having $w is like having a $w|create a $w table with $n $w|grant $w to $N|truncate the $w',
  'Yahoo! (Y!)|Take a left ($n mile)|$w ($w) [$w]|$w & $w|$w (or $w)|($n) $w; ($n) $w|$w*|*$w*|$w/$w|$w|$w @ $n|$w=$w|$w: $n%|50% off $w!|$n > $n|$n < $n $w|if $w = $w then $w|x = $n or x = $n|$n = $n|$n + $n = $n|a=$n; b=$n',
  "'$w'|\"$w\"|'$w' or '$w'|\"$w\" and \"$w\"|$w's $w|the $w' $w|$ws' $w|$w 'n' $w|'tis the $w|rock 'n' $w|it's $N's $w, isn't it?|don't select '$w' -- it's $w|\"$w $w\" OR \"$w\"|\"$w\" AND $w NOT $w|$w OR $w AND ($w OR \"$w $w\")|+$w -$w \"$w $w\"|title:\"$w\" AND year:[$n TO $n]",
  "const $w = '$w'; // $w|let $w = \"$w\" + $w;|if ($w === '$w' || $w > $n) { return; }|for (let i = 0; i < $n; i++) {|$w('#$w').on('click', '$w');|print('$w' + \"$w\")  # $w|$w = {'$w': '$w', '$w': $n}|def $w($w=$n): # $w|x = $w if $w == '$w' else '$w'|git commit -m '$w $w' --amend|echo \"$w\" | grep -v '$w' # $w|rm -rf $w/*; ls -- $w|docker run -e \"$w=$w\" --rm $w|SELECT is a keyword in SQL|use WHERE after FROM, not before",
  '{"$w":"$w","$w":$n}|{"$w": ["$w", "$w\'s"], "$w": {"$w": null}}|[$n,$n,$n]|[{"$w":"$w"}]|<a href="/$w?$w=$n&amp;$w=$w">$w\'s</a>|<p class=\'$w\'>$w -- $w</p>|<!-- $w $w -->|.$w { content: "$w"; }|#$w > a:not(.$w)::before { content: \'*\' } /* $w */|@media (min-width: $npx) { .$w { color: red; } }|/* $w */|/** $w */|// $w $w',
  "name eq '$w' and price gt $n|contains($w,'$w') or $w eq $n|($w=$w)|(&($w=$w)($w=$w*))|$w like $w|$w ~ $w|=IF(A$n=\"$w\";$n;$n)|=SUM(A$n:B$n)|=VLOOKUP(A$n,'$w'!A:B,2,FALSE)|$w.$w($w)|$w($n)|$w($n, '$w')|max($n, $n)|count($w)|version ($n)|sleep ($n hours)|concat (verb): to $w",
  'Mozilla/5.0 ($w; $w $n; rv:$n) $w/$n|$n.$n.$n.$n - - [$n/Nov/2026] "GET /$w?id=$n HTTP/1.1" $n $n|[$n] ERROR $w: $w \'$w\' not found (at $w:$n)|WARN  $w -- $w=$n, $w="$w"|$w@$w.org; $w@$w.com|<$w@$w.org>|"$N" <$w@$w.org>|https://$w.org/$w?$w=$w&$w=$n#$w|/$w/$w.php?id=$n&$w=$w|C:\\\\$w\\\\$w.txt|../$w/$w|~/.$wrc',
  ":-) $w ;-)|$w ;)|:'( $w|<3 $w|¯\\_(ツ)_/¯ $w|lol $w!!1|$w... $w?!|@$w #$w $w|RT @$w: \"$w\"|>> $w|> $w|* $w|- $w\n- $w|$n) $w|$w;|;$w|$w,$w;$w|$w -|$w #|#|--|$w --|'|\"|`|;|$w'|\"$w|'$w|$n'|$n\"|('$w')|`$w`|```$w```|`$w` or `$w`|**$w** _$w_|[$w]($w.md)",
  '$w/$w.c | $n ++--|$w.am   |  $n +--|$w/$w-$w.c          |  $n +++++--|$w | $n --|1 file changed, $n insertions(+), $n deletions(-)|-$n,$n +$n,$n @@ $w|#define $w($w) (($w) & $n)|# if $w && ($w || $w)|!= NULL) \\|$w != $n)|&& ($w == $n|and ($w.$w or $w.$w < ($n, $n))|or not $w|and not $w:|if ($w && !$w) {|%/*|/* $w */ $n,|$w = $w ? $n : $w;|-$n) +|__$w (($n));|char *$w; /* $w $w */|"   /*|" $w-$w $w ||" $w: $w|!$w || $w|and($w.gt.$n,$w.eq.$w)|or=($w.is.null)|or($w.ov.[$n,$n),$w.fts.$w)|and=($w.not.in.($w,$n),or($w.lt.$n,$w.like.*$w*))|or=($w.$w.$w\'s,$w.eq.$N)|not.and=($w.gte.$n,$w.cs.{$w,$w})|$n by $n|$n by $n+|$w; $w; $w|$ws\' or $w|"$w $w" and "$w"|$w($w)|$n AND $n|$n and $n|$n or $n|$n+$n=$n|$n x $n = $n|$n AND $n+|$n - $n = $n|$n and $n"|$n AND $n%|$n=$n?|$w AND $w|$w AND NOT $w|$w OR $w|$n OR MORE|$w IS NULL|not null|is not $n|like $n|in ($n)|between $n and $n|from $n to $n|where $n|limit $n|order by $w|$w desc|null|true|$p|$p|$p|$p|$p|$p',
  "Is $w or $w better? I'd say '$w'.|He said: \"$w!\" and 'left'.|$N's $w -- the $w's -- is $w|What's the '$w' in '$w'?|$N and $N or $N|The $w (19$n-20$n) -- $w|$w: a, b or c; d|I don't like $w. -- $N|\"$w\", '$w' & «$w»|„$w“ und ‚$w‘|l'$w d'$w n'est pas $w|qu'est-ce que c'est?|'s-$w|d'un $w à l'autre|dell'$w e l'$w",
]
  .join('|')
  .split('|')
  .filter((template) => template.length > 0);

/** Honest values that look a little like SQL: measures, addresses, names, searches, code, chat. */
export function honestValue(random: Random): string {
  const text = random
    .pick(random.chance(0.5) ? templates : honestTemplates)
    .replace(/\$([nwNpfaAPcK])/g, (_, kind: string) => {
      if (kind === 'p') return password(random);
      if (kind === 'f') return foreignWord(random);
      if (kind === 'a') return apostropheName(random);
      if (kind === 'A') return latinName(random);
      if (kind === 'P') return `${random.below(90)}.${random.below(99)}`;
      if (kind === 'K') return random.chance(0.7) ? random.pick(phrases) : random.pick(phrases).toLowerCase();
      if (kind === 'c') return random.pick(columns);
      if (kind === 'n') return String(random.below(10 ** (1 + random.below(4))));
      return random.pick(kind === 'w' ? words : names);
    });
  return random.chance(0.1) ? `${text} ${random.pick(words)}` : text;
}

/** Letters of other alphabets: to the features they are all alike. */
const alphabets = [
  [0x0430, 32],
  [0x05d0, 27],
  [0x0627, 36],
  [0x03b1, 24],
  [0x4e00, 4000],
  [0x3041, 80],
  [0xac00, 9000],
  [0x0905, 50],
  [0x0e01, 40],
  [0x10d0, 30],
] as const;
const vowels = ['a', 'e', 'i', 'o', 'u', 'ai', 'ou', 'é', 'ü', 'ø', 'ă', 'í', 'ya'] as const;
const consonants = 'b d k l m n r s t ch sh g h q ñ ç ł tl nd'.split(' ');
const columns =
  'id name created_at age price status title author year rating city user_id data tags amount email'.split(
    ' ',
  );
const phrases =
  'ALTER TABLE|CREATE TABLE|CREATE TABLE AS|CREATE INDEX|DROP TABLE|DROP COLUMN|SELECT|SELECT DISTINCT|INSERT INTO|UPDATE|DELETE|DELETE FROM|UNION|UNION ALL|UNION BY NAME|ORDER BY|GROUP BY|HAVING|WHERE|LIMIT|OFFSET|LEFT JOIN|JOIN|CAST|CONVERT|CONVERT(expr, type)|COUNT(*)|MAX()|IS NULL|NOT NULL|IN|LIKE|ILIKE|BETWEEN|CASE WHEN|EXISTS|EXECUTE|EXEC|GRANT|TRUNCATE|TRUNCATE TABLE|COPY INTO|BEGIN|COMMIT|SET|VALUES|WITH|EXCEPT|INTERSECT|DECLARE|CALL|SHOW|FOR UPDATE|RETURNING|INTO OUTFILE|LOAD DATA|SLEEP|CONCAT|SUBSTRING|CHAR(10)|XOR|COLLATE|DIV|REGEXP|RLIKE|PROCEDURE|WAITFOR DELAY|DATABASE|SCHEMA|INFORMATION_SCHEMA|OR REPLACE|IF EXISTS|ON CONFLICT|AND|OR|NOT|NULL'.split(
    '|',
  );
const prefixes = 'O D d L N M Ra Al al Xi St Ma Qur'.split(' ');
const endings = 's a i an is or in and like o'.split(' ');

function foreignWord(random: Random): string {
  const [first, size] = random.pick(alphabets);
  let out = '';
  for (let length = 1 + random.below(9); length > 0; length -= 1)
    out += String.fromCharCode(first + random.below(size));
  return out;
}

function latinName(random: Random): string {
  let out = '';
  for (let length = 1 + random.below(4); length > 0; length -= 1)
    out += random.pick(consonants) + random.pick(vowels);
  if (random.chance(0.4)) out += random.pick(['n', 's', 'r', 't', 'l']);
  return random.chance(0.8) ? out.charAt(0).toUpperCase() + out.slice(1) : out;
}

/** As in Hawaiʻi, Sana'a, N'Djamena, Coeur d'Alene. */
function apostropheName(random: Random): string {
  const mark = random.pick(["'", "'", "'", '’', 'ʻ', '`', '´']);
  const begin = random.chance(0.3) ? random.pick(prefixes) : latinName(random);
  const end = random.chance(0.2) ? random.pick(endings) : latinName(random);
  const way = random.next();
  return way < 0.08 ? mark + begin : way < 0.18 ? begin + mark : begin + mark + end;
}

/** Random signs, as passwords and tokens have them. */
function password(random: Random): string {
  let out = '';
  for (let length = 6 + random.below(14); length > 0; length -= 1)
    out += String.fromCharCode(33 + random.below(94));
  return out;
}

const list = (words: string): readonly string[] => words.split('|');

/** Words for the templates: `$w` a thing, `$N` a name, `$v` a verb, `$c` a city, `$u` a unit, `$e` a top-level domain. */
export const composedWords: Readonly<Record<string, readonly string[]>> = {
  w: list(
    'apple|bicycle|chair|door|engine|flour|glass|hammer|invoice|jacket|kettle|lamp|mirror|note|onion|paper|quilt|rope|sugar|table|umbrella|vase|window|yarn|zip|order|group|union|index|view|key|value|column|user|account|password|case|end|left|right|none|all|any|some|number|date|time|version|database|set|sum|count|limit|trigger|match|state|level|type',
  ),
  N: list(
    "Anna|O'Hara|D'Souza|José|Zoë|N'Golo|Jürgen|Siobhán O'Neill|Mary-Jane|François|Björk|Ахмат|李娜|M'Baye|De'Andre|T'Challa|Ke'Bryan|Ka'iulani|Chloe|St. John|MacArthur|Van der Berg|Smith & Sons|Jean-Luc|Renée|Søren|Æthelred|Ng|Li|Ó Briain|L'Hôpital|Dell'Acqua|Sant'Anna",
  ),
  v: list(
    'select|drop|insert|update|delete|create|alter|grant|execute|union|join|merge|order|group|sleep|wait|load|call|declare|truncate|find|buy|sell|cook|open|close|print|send|read',
  ),
  c: list(
    "Berlin|Coeur d'Alene|L'Aquila|Xi'an|Nuku'alofa|São Paulo|St. John's|Val-d'Or|King's Lynn|Ra's al Khaimah|Sana'a|Saint-Étienne|New York|Köln|Łódź|Bishop's Stortford|'s-Hertogenbosch|Côte d'Azur",
  ),
  u: list('g|kg|ml|cups|cup|tbsp|tsp|oz|lb|cm|mm|in|ft|km|miles|h|min|%|°C|°F|mph|dB|kWh|px|pt|rem'),
  e: list('com|org|net|de|fr|io|co.uk|com.br|museum'),
  m: list('January|February|March|April|May|June|July|August|September|October|November|December'),
  a: list('=|!=|<|>|<=|>=|+|-|*|/|×|÷|±|≈|→|&|&&|or|and|vs.|vs|OR|AND|NOT'),
  o: list('eq|neq|gt|gte|lt|lte|like|ilike|match|imatch|fts|plfts|cs|cd|ov|is|in|not.eq|not.is|isdistinct'),
};

/** Honest values; `$n` is a number, `$d` a digit, `$x` four hexadecimal digits. */
export const composedTemplates: readonly string[] = String.raw`
$w=$o.$n
$w=$o.$N
$w=not.in.($n,$n,$n)
$w=in.("$w","$N",$w)
or=($w.$o.$n,$w.$o.$N)
or=($w.$o."$N $w",and($w.gt.$n,$w.lt.$n))
and=($w.gte.$n,$w.lte.$n,or($w.is.null,$w.eq.true))
select=id,$w,$w:$w($w,$w(*))
select=$w->>$w,$w->$w->0
select=$w::text,$w.sum(),$w.count()
order=$w.desc.nullslast,$w.asc
$w.$o.$n
in.($w,$w,$w)
cs.{"$w","$w"}
cs.{"$w":{"$w":$n}}
ov.[$n,$n)
not.and=($w.eq.$n,$w.is.false)
$w(gt:$n,or:$w)
filter[$w][$o]=$n
{"$w":{"_$o":$n},"_or":[{"$w":{"_is_null":true}}]}
$w:"$w $w" AND ($w:$n OR $w:[$n TO $n])
"$w $w" OR "$w's $w" -$w site:$w.$e
$w AND $w NOT ($w OR "$w $w")
$w OR $n $w
intitle:"$w of" $w OR $w
Mozilla/5.0 (Linux; Android $d; SM-$n) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/$n.0.$n.$d Mobile Safari/537.36
Mozilla/5.0 (iPhone; CPU iPhone OS $d_$d like Mac OS X) AppleWebKit/$n.1.15 (KHTML, like Gecko) Version/$d.0 Mobile/15E148 Safari/$n.1
Mozilla/5.0 (compatible; $wbot/$d.$d; +https://$w.$e/bot.html)
Mozilla/5.0 (X11; U; Linux i686; de; rv:1.$d) Gecko/$n Firefox/$d.0 (.NET CLR $d.5.$n)
okhttp/$d.$n; $w/$n (Build $n; os=$w; id='$x')
$x$x-$x-$x-$x-$x$x$x
$x-$n--$x
INV-$n/$d$d--$n
$w_$n#$d
SKU#$n-$x;$d
#$x$x
ord_$x$x$x
$N+$w@$w.$e
"$N" <$w.$w@$w.$e>
'$N' via $w <$w@$w.$e>
$n $w's Lane, $c
$n/$d-$d $w St. #$d, $c -- ring twice
Apt. $n"B", $n $w Rd; $c
c/o $N, P.O. Box $n, $c $n
$N's house (behind the $w) -- $c
Unit $n & $n, The Old $w, $c
+49 ($n) $n-$n
($n) $n-$n x$n
+1-$n-$n-$n ext. #$n
00$d$d / $n $n $n
$d' $d"
$d'$d" or $n cm
$d' x $n' x $d"
$d'-$d $d/$d" x $d'-0"
$n″ × $n″
$n°$n'$n.$d"N, $n°$n'$n.$d"W
$d 1/2" $w, $d' long
$n"/$n" $w (5'' deep)
'$n-'$n $w
the '$d0s and '90s
class of '$d$d or '$d$d
$$n.$d$d or best offer
$n.$n,00 € / $n'$n.50 CHF
$n'000 or $n'500
CHF $d'$n'000.– and up
$n% off -- $w & $w
2 for $$n; $d for $$n
$n + $n = $n
$n x $n = $n
$d+$d=$d? Yes, $d+$d=$d!
$n > $n and $n < $n
x = $n, y = $n or $n
if x = $n and y = $n then $n
$n $a $n
$w $a $w
f($n) = $n*x^2 - $n
(x - $n)(x + $n) = 0
√$n ≈ $d.$n; π ≈ 3.14
y' + $ny = 0 or y'(0) = $d
$n $u $w (about $n $u), chopped
$n $u $w, or $n $u $w (optional)
Bake $n min. at $n °C -- or until golden
mix $w & $w; add $n $u of $w; stir
$w (peeled), $w [diced], $w {to taste}
take a left ($n $u), then right (at the "$w")
repeat (rows $n-$n) $d times; end on row $n
*k$d, p$d; rep from * to end (or $n sts)
lol no :') -- $w?? ;)
ok?? it's $N's; don't '$v' it ;-)
'$w' is not '$w', is it?
"$w" or "$w"?
'$w' or '$w'
is it '$w' = '$w' or not
she said "$v it" and I said 'no' -- $N
>implying '$w' isn't "$w"
@$w: it's $n or $n? #$w
/me $vs $N's $w (again)
/shrug $w; /away '$w'
gg -- $n:$n ;D
brb, $v $w -- back in $n
$N's "$w" -- #$n
where's the $w from $n? it's $N's
who's $N and where is $w's $w
$v the $w from the $w where $w is $n
$v all $w from $w and $w
$v $w into $w or $w
please $v my $w; thanks
$v $n $w from $w, or $w
find all from $w where $w > $n
$v * from the $w menu
$v count of $w by $w
order by $w or by phone: $n
group by $w, then order by $n
having $n or more $w
union of $n $w and $n $w
all $w or none; $n = max
not null, not $n
null or $n
true or false?
$n or 1
$n and $n
$n or $n $w
either $w = $n or $w = $n
like '$w' but $w
like "$w" or like "$w"
between $n and $n $u
between '$w' and '$w'
case when $w then $w
case $n: $w; end
end of $w -- begin of $w
-- $w --
--- $w ---
-- $N
- $w -- $w
/* $w */
// $w or $w
# $w
#$n: $w or #$n
;$w;
$w;$w;$n
'$w';'$w'
"$w";"$N";"$n"
$N;$c;$n;"$w, $w"
$n|$w|'$w'|$N
| $w | $n | \`$w\` |
- [ ] $v $w (#$n)
- [x] '$w' -> "$w"
> $w's > $w
**$w**: \`$w='$w'\`
\`$v\` or \`$w\`
[$w](https://$w.$e/?$w=$n&$w='$w')
$w.$w = '$w' or $w.$w = "$w"
$w == '$w' or $w == '$w'
$w='$w' and $w="$w"
$w = '$w';
$w: '$w' # $w
$w = "$w" # $w's $w
"$w": "$N's $w",
'$w' => '$w', # $w
$w("$w", '$w', $n);
return $w || '$w';
'$w' + $w + '$w'
'$w' || '$w'
"$w" + "$w"
$w && $w || $w
($w == $n || $w == $n) && !$w
if ($w = $n) or ($w = $n) then
$w -eq $n -or $w -eq '$w'
--$w='$w' --$w=$n
$w --$w -- $w
./$w --$w "$N" -x -- '$w'
C:\$w\$w's $w\$n.txt
/$w/$w's%20$w/$n
https://$w.$e/$w?$w='$w'&$w=$n--$w#$w
?$w=$n&$w=$w%27s
$w%20or%20$w
$w's+$w+or+$w
100%$w
$n%27
%$w%
$w%'
_$w_%
$w*
*$w* or ?$w
$N's
$N'
'$N
"$N
$N's $w
the $ws' $w
$N "The $w" $N
$N 'The $w' $N
$N (a.k.a. '$w') or $N
Dr. $N; M.D. -- $c
$N & $N v. $N, $n U.S. $n ($n)
§ $n Abs. $d S. $d or § $n
$m $d, $n -- $m $d, $n
$d:$d$d or $d:$d$dpm
$n-$d$d-$d$dT$d$d:$d$d:00Z
$d/$d/$n or $d.$d.$n
[$n-$d$d-$d$d $d$d:$d$d:$d$d] ERROR $w: "$w" != '$w' ($w.c:$n) -- retry=$n
<$d>$m $d $w[$n]: user '$N' (id=$n) $v failed; reason="$w or $w"
$n.$n.$n.$n - $w [$d$d/$m/$n] "GET /$w?$w=$n HTTP/1.1" $n $n "-" "$w/$d.$d"
level=info msg="$v $w" $w=$n err='$w'
Error: '$w' is not "$w" (at $n)
can't $v '$w': no such $w
ERROR: $w "$w" does not exist
duplicate key value '$w-$n' for key '$w'
you have $n $w; $v or $v?
$w's $w, $w's $w & '$w'
l'$w et l'$w d'$N
d'$w ou d'$w, c'est $n
qu'est-ce que l'$w ? -- $N
un'$w o un'$w all'$w
'ne $w or 'nem $w
't $w op 't $c
's $w, 's $n
«$w» ou « $w »
„$w“ oder ‚$w‘ -- $n
“$w” or ‘$w’
‘$w’ = ‘$w’
「$w」 or $n
¿$w o $w? ¡$n!
$w – $w — $w
$n – $n or $n—$n
½ $u or ¼ $u
№ $n; $w
$w™ or $w® ($w©)
😀 $w's 😂 or '$w' 🎉
<3 $w & $w :-* ;P
:'-( $n:$n ')
(‘$w’)
('$w')
("$w") or ('$w')
['$w', '$w']
{'$w': $n or '$w'}
('$w', $n) or ("$w", $n)
Q: $w or $w? A: '$w'; B: $n
a) $w; b) $w; or c) $n
$d) $w ($d) $w
($n) or ($n)
$n) and $n)
$w) or ($w
:) or :(
;) and ;(
$w (or $w) = $n
($w) and ($w) > $n
Pa$$w0rd'$n"--
$x'$x"$x;$x
$x--$x'
x'$x
0x$x
0x$x or 0x$x
base64,$x$x$x==
$w==
$x+$x/$x=
`
  .replaceAll('\\`', '`')
  .split('\n')
  .filter((template) => template !== '');

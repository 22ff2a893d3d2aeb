/**
 * Honest values in other notations, one a line: formulas, queries in other languages, globs, primes, measures, titles,
 * and phrases that only just are no SQL.
 */
export const honestNotations: readonly string[] = String.raw`
=SUM(A1:A5)
=IF(A1>5,1,0)
=IF(A1=1,"x","y")
=A1&"x"
=CONCATENATE(A1,B1)
=VLOOKUP(A1,B:C,2,FALSE)
=IF(AND(A1=1,B1=2),"yes","no")
=LEFT(A1,2)&MID(A1,3,1)
x^2+y^2=z^2
f(x)=sin(x)
LENGTH(x) > 5
^[a-z]+$
(?:a|b)
\d{3}-\d{4}
[^'"]+
^(?=.*[a-z])(?=.*\d).{8,}$
$.store.book[?(@.price < 10)]
$.a.b['c'][0]
{ user(id: 1) { name } }
query { a(where: {b: {_eq: "c"}}) { d } }
//a[@href='x']
//book[price>35 and @lang='en']
/a/b[c='d' or e='f']/text()
(&(objectClass=user)(|(cn=a*)(mail=b*)))
title:"foo bar" AND (status:active OR status:pending)
price:[1 TO 5] AND NOT name:x
name:"O'Brien" OR age:5
"foo bar" OR "baz qux" AND NOT "x"
$filter=Price gt 20 and Name eq 'Milk'
Price gt 20 and Name eq 'Milk'
Name eq 'O''Neil' or Age gt 5
startswith(Name,'A') and Price lt 5
contains(Name, 'x') or endswith(Name, 'y')
name=='Kill Bill';year=gt=2003
genres=in=(sci-fi,action);(director=='X',actor==*Bale)
project = ABC AND status = 'In Progress' ORDER BY created DESC
status = 'open' AND assignee = currentUser()
assignee = bob OR reporter = bob
size > 5 AND color = red
color = 'red' or size = 5
"exact phrase" OR site:example.org -foo
{"age":{"$gt":5},"$or":[{"a":1},{"b":2}]}
{"a":"b' c","d":"e"}
*/5 * * * *
0 0 1,15 * 1-5
**/*.js
src/**/*.{ts,tsx}
*/*
text/html,application/xhtml+xml;q=0.9,*/*;q=0.8
a[href='x'] > b
input[type="text"]:not(.x)
ls -la | grep 'foo' && echo "ok"
rm -rf /; echo done
cat x || echo 'no'; exit 1
$\frac{a}{b}$
$x = 1$ or $y = 2$
'''bold''' and ''italic''
{{template|a=b}}
[[link|text]] or [[x]]
fn foo<'a>(x: &'a str) -> &'a str
(define 'x (quote y))
'(1 2 3)
foldl' (+) 0
x' = x + 1
f'(x) = 2x
y'' + y = 0
y' = y or y' = 0
f'(x) or g'(x)=0
' this is a comment
Dim x As String 'note
'001
'00123
5' x 7' or 6' x 8'
12' - 6" x 8' - 0"
40° 26′ 46″ N
N 40° 26' 46"
51°28'38"N 0°0'0"W
5'-10"
5'10
6'+
2' or 3'
5' or taller
6' and 7' boards
7'30''
1'30" - 2'00"
3' & 4'
3' & up
10' = 120"
1. e4 e5 2. Nf3 Nc6 -- +-
C# or Db
--==-- title --==--
Re: [x] foo -- bar
Who's on 1st? -- Abbott
"To be" -- Shakespeare
'To be' -- Shakespeare
he said 'yes' -- then 'no'
the Joneses' -- and others'
workers' comp; ask HR
Students' Union; 2nd floor
Teachers' union select committee
Farmers' Market #3
Kids' Corner # 5
Mens' & Womens'
Drivers' ed. (18+)
Travelers' Choice 2020
Ladies' or Gents'
ladies' or gents' = both
it's 5 o'clock; don't be late
rock 'n' roll or r'n'b
'90s and '80s
the '90s or '80s = best
class of '05
'tis or 'twas
y'all or you'se
Qur'an 2:255 and 3:18
'Ohana
ʻOkina
Ka'anapali or Ka’anapali
O'Neal & O'Neil; O'Hara
Men in Black (1997)
(500) Days of Summer
10 Things I Hate About You
2 Fast 2 Furious
8 1/2
Se7en
$9.99
Mother!
What's Up, Doc?
Face/Off
M*A*S*H
Fast & Furious
If....
2001: A Space Odyssey
Tick, Tick... Boom!
Yours, Mine & Ours
Select Comfort / Sleep Number (R)
Order No. 5; Group B
Insert 3 into slot 4
Update 2 sets; delete 3
Create table 5 in Word
Drop 2 tables
Table 3 or Table 4
Where 1 or 2
Having 2 = good
having fun = having 1 life
limit 10 offset 5
between 1 and 10
5 between 4 and 6
in (1,2)
is null
is not null
not null
a is null
null or true
true and false
1 and 0
0 or 1
1 xor 0
5 or more
2 or less (per day)
4 and under
18 and over
18 and up = adult
1 like and 2 shares
1 like = 1 prayer
500 likes and 20 comments
100 or 200 = ok
a or b = c
yes or no = maybe
10 and 20 -- both
1 or 2 -- maybe
1 or 2; maybe 3
1 or 2 (or 3)
A and (B or C)
(A or B) and C
not (a or b)
50 or $60
count(ry) music
version(s) 1 and 2
user(s) and group(s)
left(overs)
sum (total) or count
max (5) and min (2)
char (fish) or trout
if (5 > 3) then
IF(condition, a, b)
case 5 when ready
case when x then y
when or where
exec summary; copy to bob
copy from page 3 to 5
copy a to b
grant $5 to bob
grant applications to public schools
load data into truck
call me (maybe)
begin; end
commit; push
set a = b
set x=1; set y=2
declare war
execute order 66
shutdown -h now
truncate table salt
alter table heights
values (5)
values('a')
union (all) members
union all members
Western Union - select location
EU: union, select, from, where
Unions select 5 leaders
the union selects; members vote
Select all from list
select * from
select 5 from 10
select one from column A
select your seat from the map where possible
Delete from trash
delete from my list
insert into slot
insert into a values
update my set
drop table lamp
create table plan
create view
/* note */
-- note
# note
; note
a -- b -- c
a; -- b
foo) -- bar
(foo) -- bar
foo); bar
:-) -- :-(
8) # cool
;) -- ;)
;-- wink
'-- attribution
"-- attribution
@@ diff @@
@@ -1,5 +1,6 @@
@a or @b
#a or #b
100%' sure
O' Brien
D' Angelo and sons
L' Oreal or Lancome
Jo'burg or P'burg = SA
L'Or Noir and co = 5
't Hof van Holland
's-Gravenhage or Den Haag
l'an 2000 ou l'an 2001
c'est l'or = gold
`
  .split('\n')
  .filter((line) => line.length > 0);

#!/bin/sh
# Rosters as they come: encodings, delimiters, wrong rows that are mended and sent again, the same file
# twice, people who are known already.
# usage: roster.sh PROGRAM ROWS
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

begin_lab --operator wang

# --- as spreadsheets save them ----------------------------------------------------------------

head_en='name,national_id,external_id,phone,city,county,township,village,household,group,kind'
head_cn='姓名;编号;手机;市;区县;乡镇;村;户号;人群'

{
	printf '\357\273\277%s\r\n' "$head_en"
	printf 'Li Wei,,R1,13800000001,Suzhou,Gusu,East,Lake,H1,voluntary,person\r\n'
	printf '"Nguyễn, Thị ""Hoa""",,R2,,Suzhou,Gusu,East,Lake,H1,inpatient,\r\n'
	printf 'Stall 7,,M7,,Suzhou,Gusu,East,Market,,,place\r\n'
} >bom.csv
expect 0 roster import bom.csv
gives 'registered  3'

{
	echo "$head_cn"
	echo '王芳;R10;13900000001;苏州;姑苏;东街;湖;H7;密切接触者'
	echo '王强;R11;13900000002;苏州;姑苏;东街;湖;H7;'
} >utf8.csv
iconv -f UTF-8 -t GBK utf8.csv >gbk.csv
expect 0 roster import gbk.csv
gives 'registered  2'

{
	printf '姓名\t身份证号\t市\n'
	printf '李娜\t11010519491231002X\t北京\n'
} | iconv -f UTF-8 -t UTF-16LE >u16.csv
expect 0 roster import u16.csv
gives 'registered  1'

{
	printf '\377\376'
	printf '姓名\t编号\t市\n张三\tR20\t北京\n' | iconv -f UTF-8 -t UTF-16LE
} >u16bom.csv
expect 0 roster import u16bom.csv

printf 'name\texternal_id\tcity\nNoël\tR21\tLyon\n' >in
expect 0 roster import -
gives 'roster      -'

same 'the names' 'Li Wei|Nguyễn, Thị "Hoa"|Stall 7|王芳|王强|李娜|张三|Noël' \
	"$(value name subject list | paste -sd'|')"
same 'the kinds' 'person person place person person person person person' \
	"$(value kind subject list | paste -sd' ')"
same 'the groups' 'voluntary inpatient voluntary close-contact voluntary voluntary voluntary voluntary' \
	"$(value group subject list | paste -sd' ')"
listed subject list
listed roster list
same 'the rosters' 5 "$json"

# --- the same file twice ----------------------------------------------------------------------

head_before=$(value head audit head)
expect 0 roster import gbk.csv
gives 'known       yes'
gives 'registered  0'
says 'imported before: nothing changed'
cp gbk.csv other-name.csv
expect 0 roster import other-name.csv
gives 'known       yes'
same 'the journal after a known file' "$head_before" "$(value head audit head)"

# --- people who are known ---------------------------------------------------------------------

# The same people in another encoding are other bytes.
expect 1 roster import utf8.csv
says "utf8.csv:2: error: external id R10 is registered already, as SZP00000004E '王芳'"
says '--known link'
says 'nothing was imported'
expect 0 roster import utf8.csv --known link
gives 'linked      2'
printf 'name,external_id\nSomebody Else,R10\n' >other.csv
expect 1 roster import other.csv --known link
says "as SZP00000004E '王芳', which is another name: find out who is right"
printf 'name,national_id,external_id\n李娜,11010519491231002X,R1\n' >both.csv
expect 1 roster import both.csv --known link
says "national id 11010519491231002X is of '李娜' and external id R1 of 'Li Wei': two people in one row"
expect 2 roster import utf8.csv --known merge
same 'the subjects' 8 "$(value name subject list | wc -l | tr -d ' ')"

# --- wrong rows -------------------------------------------------------------------------------

people=$(value name subject list)
{
	echo "$head_en"
	echo 'Ada Right,,S1,13800000011,Suzhou,,,,,,'
	echo 'Bob Digit,110105194912310021,S2,13800000012,Suzhou,,,,,,'
	echo ',,S3,13800000013,Suzhou,,,,,,'
	echo 'Dan Group,,S4,13800000014,Suzhou,,,,,unheard-of,'
	echo 'Eve Twice,,S5,13800000015,Suzhou,,,,,,'
	echo 'Eve Again,,S5,13800000016,Suzhou,,,,,,'
	echo 'Fay Phone,,S6,none,Suzhou,,,,,,'
} >wrong.csv
expect 1 roster import wrong.csv --rejected mend.csv
for place in 3:11 4:1 5:; do
	says "wrong.csv:$place"
done
says "national_id '110105194912310021': wrong check character"
says "external_id 'S5' is also in line 6"
says "external_id 'S5' is also in line 7"
says '6 of 7 rows are wrong'
says 'nothing was imported'
same 'who is registered after a wrong file' "$people" "$(value name subject list)"

# The right rows now, the others when they are mended.
expect 3 roster import wrong.csv --leave-wrong --rejected mend.csv
gives 'registered  1'
gives 'left out    6'
says 'the wrong rows are in mend.csv'
same 'who is registered beside' 'Ada Right' "$(value name subject list | tail -n 1)"
same 'the wrong rows' '3 4 5 6 7 8' "$(sed 1d mend.csv | cut -d, -f1 | paste -sd' ')"
grep -q 'wrong check character' mend.csv || fail 'the file to mend does not say why'

# As it is, it is wrong still, for the same reasons, whatever was put in front of its rows.
expect 1 roster import mend.csv
says '6 of 6 rows are wrong'
sed -e 's/,110105194912310021,/,,/' -e 's/,,,S3/,Carl Name,,S3/' -e 's/,unheard-of,/,inpatient,/' \
	-e 's/Eve Again,,S5/Eve Again,,S7/' -e 's/S6,none/S6,13800000017/' mend.csv >mended.csv
expect 0 roster import mended.csv
gives 'registered  6'
same 'the subjects' 15 "$(value name subject list | wc -l | tr -d ' ')"

# What came in GBK is given back in GBK.
printf '姓名;编号;人群\n赵六;R30;没有\n' | iconv -f UTF-8 -t GBK >gbkwrong.csv
expect 1 roster import gbkwrong.csv --rejected gbkmend.csv
iconv -f GBK -t UTF-8 gbkmend.csv 2>/dev/null | grep -q '赵六' ||
	fail 'the file to mend is not in the encoding that it came in'

# --- what is no roster ------------------------------------------------------------------------

expect 1 roster import nowhere.csv
says 'nowhere.csv: no such file'
: >empty.csv
expect 1 roster import empty.csv
says 'the file is empty'
printf 'PK\003\004xxxxxxxx' >book.xlsx
expect 1 roster import book.xlsx
says 'save it as CSV UTF-8'
printf 'a,b\n1,2\n' >what.csv
expect 1 roster import what.csv
says "there is no column 'name'"
expect 1 roster import .
says 'is a folder'
expect 2 roster import
expect 2 roster import bom.csv again.csv

expect 0 audit verify --deep
gives 'findings  0'
finish

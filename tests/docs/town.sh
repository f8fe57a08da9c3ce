#!/bin/sh
# What the howtos take for granted: a laboratory with a roster, and short words for the days before. Read by
# the pages' own blocks (run_tutorial.sh); prints nothing.
export POOLWELL_LAB=city.db POOLWELL_STATION=bench-1 POOLWELL_SITE=gate POOLWELL_OPERATOR=li

cat >roster.csv <<'END'
external_id,name,phone,city,county,township,village,household,group
R0001,Chen Jie,000-1001,Harbour,East,Bridge,Willow,1,voluntary
R0002,Chen Bo,000-1001,Harbour,East,Bridge,Willow,1,voluntary
R0003,Chen Yu,000-1001,Harbour,East,Bridge,Willow,1,voluntary
R0004,Sun Yue,000-1002,Harbour,East,Bridge,Willow,2,voluntary
R0005,Zhou Lin,000-1003,Harbour,East,Bridge,Willow,3,voluntary
R0006,Zhou Min,000-1003,Harbour,East,Bridge,Willow,3,voluntary
R0007,Zhou Hua,000-1003,Harbour,East,Bridge,Willow,3,voluntary
R0008,Ma Rui,000-1004,Harbour,East,Bridge,Willow,4,voluntary
R0009,Gao Fei,000-1005,Harbour,East,Bridge,Willow,5,close-contact
END

# town: the laboratory begins, and the roster is in
town() {
	poolwell lab init --name 'City laboratory' --issuer SZ --profile cn --operator li='Li Na' \
		--operator wang='Wang Wei' --site gate='School gate' --assay cdc-n1-n2-rp -q
	poolwell roster import roster.csv -q >/dev/null
}

# swab TUBE CAPACITY SUBJECT...
swab() {
	tube=$1
	poolwell collect open "$tube" --capacity "$2" -q
	shift 2
	poolwell collect add "$tube" "$@" -q >/dev/null
	poolwell collect close "$tube" --count $# -q
}

# receive TUBE...
receive() {
	poolwell receive tube "$@" -q >/dev/null
}

# plate EXTRACTION PCR TUBE...
plate() {
	extraction=$1 pcr=$2
	shift 2
	poolwell plate new "$extraction" -q
	poolwell plate fill "$extraction" "$@" -q >/dev/null
	poolwell plate seal "$extraction" -q
	poolwell plate stamp "$pcr" --from "$extraction" --assay cdc-n1-n2-rp -q
}

# cfx FILE: lines of "well content sample N1 N2 RP" become the file of a CFX
cfx() {
	echo 'Well,Fluor,Target,Content,Sample,Cq' >"$1"
	while read -r well content sample n1 n2 rp; do
		echo "$well,FAM,N1,$content,$sample,$n1"
		echo "$well,HEX,N2,$content,$sample,$n2"
		echo "$well,Cy5,RP,$content,$sample,$rp"
	done >>"$1"
}

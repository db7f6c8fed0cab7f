#!/bin/sh
# Certificates on P-256 by which banks and the members of etcd know each other: an authority, made once, and for each name a certificate that is good as
# server and as client. A name may be followed by the addresses under which others reach it.
#   certificates.sh FOLDER NAME[=ADDRESS[,ADDRESS…]]…
#   certificates.sh certificates etcd1=etcd1.bank-a.example,10.0.0.1 91440300MA1000017E=ledger.bank-a.example
# For a node the name is its bank's party number. Keep authority.key off every machine that runs something. DAYS (default 365) says for how long.
set -eu
umask 077
folder=$1
shift
mkdir -p "$folder"
days=${DAYS:-365}

if [ ! -e "$folder/authority.pem" ]; then
    openssl req -x509 -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -sha256 -days "$days" -subj "/CN=ledger authority" \
        -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" \
        -keyout "$folder/authority.key" -out "$folder/authority.pem"
fi

for one in "$@"; do
    name=${one%%=*}
    addresses=""
    case $one in *=*) addresses=${one#*=} ;; esac
    names=""
    for address in $(printf '%s' "$addresses" | tr ',' ' ') localhost 127.0.0.1; do
        case $address in
            *[!0-9.]*) names="$names${names:+,}DNS:$address" ;;
            *) names="$names${names:+,}IP:$address" ;;
        esac
    done
    openssl req -x509 -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -sha256 -days "$days" -subj "/CN=$name" \
        -CA "$folder/authority.pem" -CAkey "$folder/authority.key" \
        -addext "basicConstraints=critical,CA:FALSE" -addext "keyUsage=critical,digitalSignature" -addext "extendedKeyUsage=serverAuth,clientAuth" \
        -addext "subjectAltName=$names" -keyout "$folder/$name.key" -out "$folder/$name.pem"
done

#!/bin/sh
# Makes the folder `network` for consortium.yml where it is called: genesis of four banks, and for each of them and of etcd's three members a folder with its
# own keys and certificates. Needs ledger and openssl. Who does this knows every bank's keys: it is for trying, and a consortium founds together.
set -eu
umask 077
here=$(cd "$(dirname "$0")" && pwd)
banks="91110000MA1000041Y 91310000MA1000033H 91440300MA1000017E 91440300MA10000259"

mkdir network
head -c 24 /dev/urandom | base64 > network/password
ledger genesis new --preset consortium --out network/founding --password-file network/password
own() {
    "$here/../certificates.sh" network/certificates "$2=$1"
    mkdir -p "network/$1/certificates"
    cp network/certificates/authority.pem "network/$1/certificates/authority.pem"
    mv "network/certificates/$2.pem" "network/$1/certificates/own.pem"
    mv "network/certificates/$2.key" "network/$1/certificates/own.key"
}

for member in 1 2 3; do
    own "etcd$member" "etcd$member"
    mkdir "network/etcd$member/data"
done

number=0
for bank in $banks; do
    number=$((number + 1))
    own "bank$number" "$bank"
    mkdir -p "network/bank$number/keys/keys"
    cp network/founding/genesis.json network/password "network/bank$number/keys/"
    mv "network/founding/node-$bank.key.json" "network/bank$number/keys/"
    mv network/founding/keys/"$bank"#*.key.json "network/bank$number/keys/keys/"
done

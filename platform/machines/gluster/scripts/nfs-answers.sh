#!/bin/bash
# nfs-answers.sh: whether this NFS server answers a call of NFSv4's NULL procedure (RFC 7530, section 15.1): one that only
# accepts connections is not healthy.
set -euo pipefail
exec 3<> /dev/tcp/127.0.0.1/2049
# The last fragment, of 40 bytes (RFC 5531, section 11): transaction id, a call, RPC 2, program 100003 version 4
# procedure 0, no credentials and no verifier.
printf '\x80\0\0\x28''LABS\0\0\0\0\0\0\0\x02\0\x01\x86\xa3\0\0\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' >&3
# The same transaction id, a reply, accepted, no verifier, success.
wanted=80000018 wanted+=4c414253 wanted+=00000001 wanted+=00000000 wanted+=0000000000000000 wanted+=00000000
[ "$(timeout 1 head -c 28 <&3 | od -An -v -tx1 | tr -d ' \n')" = "$wanted" ]

#!/usr/bin/env bash
# A SLURM cluster of one node on this machine, without systemd, cgroups or a database: what `make test-slurm` runs on.
# Installs slurmctld, slurmd, slurm-client and munge where they are missing, without starting what they bring; all else
# that it writes lies in one new folder under /tmp, but for two links in /etc/slurm. tests/slurm/stop.sh ends it.
# Prints the folder. The node's cores, memory and GPUs are numbers that SLURM counts with; nothing computes on a GPU.
set -euo pipefail
readonly CORES=4 MEMORY_MB=8000 GPUS=2
export PATH=$PATH:/usr/sbin:/sbin

refuse() { echo "tests/slurm/start.sh: $*" >&2; exit 1; }
installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
within() {  # within SECONDS COMMAND...: try until it succeeds
    local end=$((SECONDS + $1)); shift
    until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $end ] || return 1; sleep 0.2; done
}

[ "$(id -u)" = 0 ] || refuse "a SLURM cluster is started by root, and this is $(id -un)"
command -v apt-get dpkg-query >/dev/null || refuse "SLURM is installed by apt, and this is not Debian or Ubuntu"
[ ! -e /etc/slurm/slurm.conf ] && [ ! -L /etc/slurm/slurm.conf ] ||
    refuse "/etc/slurm/slurm.conf is there already: this machine has a SLURM, or tests/slurm/stop.sh was not run"

folder=$(mktemp -d /tmp/gaussianity-slurm.XXXXXX)
chmod 755 "$folder"  # munge refuses a socket in a private folder
mkdir "$folder"/{etc,run,log,state,spool} && mkdir -m 700 "$folder/key"
failed() { tail -n 5 "$folder/log/$1" >&2 || true; "$(dirname "$0")/stop.sh" "$folder"; refuse "$2"; }

missing=()
for package in munge slurmctld slurmd slurm-client; do installed $package || missing+=($package); done
if [ ${#missing[@]} -gt 0 ]; then
    policy=/usr/sbin/policy-rc.d  # what Debian asks before it starts a service
    [ -e $policy ] || { printf '#!/bin/sh\nexit 101\n' >$policy; chmod 755 $policy; trap "rm -f $policy" EXIT; }
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
    } >"$folder/log/apt" 2>&1 </dev/null || failed apt "apt cannot install ${missing[*]}"
fi

host=$(hostname -s)
cat >"$folder/etc/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
SlurmdUser=root
AuthInfo=socket=$folder/run/munge.socket
MpiDefault=none
MailProg=/bin/true
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
# a job above its memory is killed at the next sample, one above its time within half a minute
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
KillWait=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
EnforcePartLimits=ALL
SchedulerParameters=batch_sched_delay=0,sched_interval=5
MinJobAge=3600
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
ReturnToService=2
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/run/slurmctld.own
SlurmdPidFile=$folder/run/slurmd.own
SlurmdParameters=config_overrides
GresTypes=gpu
NodeName=$host NodeAddr=127.0.0.1 CPUs=$CORES CoresPerSocket=$CORES RealMemory=$MEMORY_MB Gres=gpu:$GPUS
PartitionName=cpu Nodes=$host Default=YES MaxTime=1-00:00:00
PartitionName=gpu Nodes=$host MaxTime=1-00:00:00
CONF
for gpu in $(seq $GPUS); do mknod "$folder/gpu$gpu" c 1 3; done  # SLURM wants devices: two more /dev/null
echo "NodeName=$host Name=gpu File=$folder/gpu[1-$GPUS]" >"$folder/etc/gres.conf"
# The plugin's job step drops SLURM_CONF, so that SLURM must find its files where it always looks.
[ -d /etc/slurm ] || { mkdir /etc/slurm; touch "$folder/run/made-etc-slurm"; }
ln -s "$folder"/etc/{slurm,gres}.conf /etc/slurm/

start() {  # start NAME COMMAND...: in a session of its own, its process noted for stop.sh
    setsid "${@:2}" >>"$folder/log/$1" 2>&1 </dev/null &
    echo $! >"$folder/run/$1.pid"
}
socket=$folder/run/munge.socket
head -c 1024 /dev/urandom >"$folder/key/munge.key" && chmod 400 "$folder/key/munge.key"
start munged munged --foreground --key-file="$folder/key/munge.key" --socket="$socket" \
    --pid-file="$folder/run/munged.own" --log-file="$folder/key/log" --seed-file="$folder/key/seed"
within 10 munge -n -S "$socket" || failed munged "munged does not start"
start slurmctld slurmctld -D -f "$folder/etc/slurm.conf"
within 20 scontrol ping || failed slurmctld "slurmctld does not start"
start slurmd slurmd -D -N "$host" -f "$folder/etc/slurm.conf"
within 40 timeout 10 srun --mem=16 true || failed slurmd "no job can be run"
echo "$folder"

#!/usr/bin/env bash
# End the cluster of tests/slurm/start.sh and leave /etc/slurm as it was found: its jobs, its daemons by their noted
# numbers, its folder. stop.sh FOLDER; without FOLDER that to which /etc/slurm/slurm.conf points, after a killed test.
set -uo pipefail
export PATH=$PATH:/usr/sbin:/sbin
configuration=$(readlink /etc/slurm/slurm.conf || true)
folder=${1:-${configuration%/etc/slurm.conf}}
case $folder in
    /tmp/gaussianity-slurm.*) ;;
    *) echo "tests/slurm/stop.sh: there is no cluster of tests/slurm/start.sh" >&2; exit 1 ;;
esac
export SLURM_CONF=$folder/etc/slurm.conf

if timeout 5 scontrol ping >/dev/null 2>&1; then  # the jobs would outlive the daemons
    timeout 10 scancel --state=pending; timeout 10 scancel --state=running
    for _ in $(seq 60); do [ -z "$(timeout 5 squeue -h)" ] && break; sleep 0.5; done
fi
for name in slurmd slurmctld munged; do
    pid=$(cat "$folder/run/$name.pid" 2>/dev/null) || continue
    ours() { grep -qsF "$folder" "/proc/$pid/cmdline"; }  # and not another process with a used number
    ours && kill "$pid"
    for _ in $(seq 100); do ours || break; sleep 0.1; done
    ours && kill -KILL "$pid"
done
for file in slurm.conf gres.conf; do
    [ "$(readlink "/etc/slurm/$file")" = "$folder/etc/$file" ] && rm "/etc/slurm/$file"
done
[ -e "$folder/run/made-etc-slurm" ] && rmdir /etc/slurm
rm -rf "$folder"

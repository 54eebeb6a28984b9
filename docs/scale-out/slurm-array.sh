#!/bin/bash
# One shard of a sweep for each task of the array: sbatch slurm-array.sh platform.yaml
#SBATCH --job-name=sweep
#SBATCH --array=0-15
#SBATCH --cpus-per-task=2
#SBATCH --mem=2G
#SBATCH --requeue
set -euo pipefail
exec zonefall sweep "$1" --runs 16000 --workers "${SLURM_CPUS_PER_TASK:-2}" \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --out "shards/$SLURM_ARRAY_TASK_ID"

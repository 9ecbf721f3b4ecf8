-- The whole history, also what lies after the run's clock: whether a deal was reopened does not depend on the clock.
with

unioned as (
    select * from {{ ref('stg_files__deal_stage_history') }}
)

select * from unioned

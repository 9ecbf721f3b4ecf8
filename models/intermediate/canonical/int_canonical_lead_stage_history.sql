-- The whole history, also what lies after the run's clock: whether it names a stage does not depend on the clock.
with

unioned as (
    select * from {{ ref('stg_files__lead_stage_history') }}
)

select * from unioned

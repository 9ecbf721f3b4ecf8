with

unioned as (
    select * from {{ ref('stg_files__activities') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

visible as (
    select unioned.*
    from unioned
    cross join run_settings
    where unioned.occurred_at <= run_settings.as_of
)

select * from visible

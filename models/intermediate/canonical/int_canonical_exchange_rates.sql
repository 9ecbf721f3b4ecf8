with

unioned as (
    select * from {{ ref('stg_files__exchange_rates') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

visible as (
    select unioned.*
    from unioned
    cross join run_settings
    where unioned.date_day <= run_settings.as_of_date
)

select * from visible

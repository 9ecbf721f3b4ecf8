with

unioned as (
    select * from {{ ref('stg_files__leads') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

visible as (
    select unioned.*
    from unioned
    cross join run_settings
    where unioned.created_at <= run_settings.as_of
        -- a record that was merged away still says what happened to the person
        and (unioned.merged_into is not null or not coalesce(unioned.is_deleted, false))
)

select * from visible

with

unioned as (
    select * from {{ ref('stg_files__campaigns') }}
)

select * from unioned
